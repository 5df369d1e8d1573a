#include "training/evaluation/vote_figures.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/files.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "training/evaluation/evaluation.hpp"
#include "training/evaluation/evaluation_text.hpp"
#include "training/evaluation/neutral_answers.hpp"
#include "training/evaluation/predictions.hpp"
#include "training/fit/label_thresholds.hpp"

namespace vote_figures_test {

using namespace emotion;
using namespace emotion::training;
using namespace emotion::test;

namespace {

model::ModelCard three_class_card() {
    model::ModelCard card;
    card.classes = {"happy", "fear", "neutral"};
    card.shown = {{0, 0.5}, {1, 0.4}};
    card.positive = "fear";
    return card;
}

/// Labels: fear on the first two, happy on the third, none on the others.
std::vector<ScoredFolder> judged() {
    const auto picture = [](const char* name, std::vector<float> probabilities, std::vector<float> votes) {
        return ScoredPicture{name, ScoredPicture::Outcome::kScored, std::move(probabilities),
                             std::move(votes)};
    };
    return {{"fear",
             {picture("fear/1", {0.1f, 0.7f, 0.2f}, {0.0f, 0.8f, 0.1f}),
              picture("fear/2", {0.2f, 0.5f, 0.3f}, {0.1f, 0.2f, 0.7f}),
              picture("fear/3", {0.6f, 0.3f, 0.1f}, {0.9f, 0.0f, 0.1f})}},
            {"neutral",
             {picture("neutral/1", {0.3f, 0.2f, 0.5f}, {0.0f, 0.6f, 0.4f}),
              picture("neutral/2", {0.1f, 0.1f, 0.8f}, {0.3f, 0.3f, 0.4f}),
              picture("neutral/3", {0.1f, 0.8f, 0.1f}, {}),
              {"neutral/torn", ScoredPicture::Outcome::kUnreadable, {}}}}};
}

}  // namespace

TEST_CASE("The vote metrics agree with a manual count") {
    const auto card = three_class_card();
    const auto figures = vote_figures(card, judged());
    REQUIRE(figures);
    CHECK(figures->pictures == 5);
    CHECK(figures->without_majority == 1);
    REQUIRE(figures->labels.size() == 2);
    const auto& fear = figures->labels[1];
    CHECK(fear.shown == 2);
    CHECK(fear.agreement->mean == Approx(0.5));  // .8 and .2
    CHECK(fear.vote_shares[2] == Approx(0.4));   // neutral: .1 and .7
    CHECK(fear.by_majority == ml::BinaryCounts{1, 2, 1, 1});
    // Fear's evidence is .7 and .2 where it has the majority, .5 (neutral) and .3 (happy) where others have.
    CHECK(*fear.found[1] == Approx(0.5));
    const std::vector<double> probability{0.7, 0.5, 0.3, 0.2, 0.1}, share{0.8, 0.2, 0.0, 0.6, 0.3};
    CHECK(*fear.correlation == Approx(*ml::correlation(probability, share)));
    CHECK(*fear.calibration_error == Approx((0.1 + 0.3 + 0.3 + 0.4 + 0.2) / 5));  // each in a bin of its own
    CHECK(figures->labels[0].by_majority == ml::BinaryCounts{1, 4, 0, 0});
    // One picture has a neutral majority, and is labeled fear.
    CHECK(figures->calm == std::vector<std::string>{"neutral"});
    CHECK(figures->calm_pictures == 1);
    CHECK(*figures->calm_rate() == 1.0);
    CHECK(figures->majorities[1].pictures == 2);
    CHECK(figures->majorities[1].labeled == 1);
    // The most likely class has the most votes on pictures 1, 3 and 5; with a majority on 1 and 3 of four.
    CHECK(*figures->most_likely == Approx(3.0 / 5));
    CHECK(*figures->most_likely_of_majority == Approx(0.5));
    double losses = 0;
    losses -= (0.8 * std::log(0.7) + 0.1 * std::log(0.2)) / 0.9;
    losses -= 0.1 * std::log(0.2) + 0.2 * std::log(0.5) + 0.7 * std::log(0.3);
    losses -= 0.9 * std::log(0.6) + 0.1 * std::log(0.1);
    losses -= 0.6 * std::log(0.2) + 0.4 * std::log(0.5);
    losses -= 0.3 * std::log(0.1) + 0.3 * std::log(0.1) + 0.4 * std::log(0.8);
    CHECK(*figures->cross_entropy == Approx(losses / 5).epsilon(1e-5));
}

TEST_CASE("Without votes there are no vote metrics, with votes they come first") {
    const auto card = three_class_card();
    auto folders = judged();
    CHECK_THAT(to_text(evaluate(card, folders)),
               ContainsSubstring("By people's votes on 5 of them (no majority on 1)") &&
                   ContainsSubstring("people say: fear 0.5000, neutral 0.4000"));
    CHECK(to_json(evaluate(card, folders))["votes"]["labels"]["fear"]["agreement"].get<double>() ==
          Approx(0.5));
    for (auto& folder : folders)
        for (auto& picture : folder.pictures) picture.votes.clear();
    CHECK_FALSE(vote_figures(card, folders));
    CHECK_FALSE(to_json(evaluate(card, folders)).contains("votes"));
}

TEST_CASE("A majority is more than half of the voters") {
    CHECK(majority_of({0.2f, 0.6f, 0.2f}) == 1);
    CHECK_FALSE(majority_of({0.5f, 0.3f, 0.2f}));
    CHECK_FALSE(majority_of({}));
}

TEST_CASE("Without the default names every class that is not shown is calm") {
    auto card = three_class_card();
    card.classes = {"happy", "fear", "other"};
    CHECK(calm_classes(card) == std::vector<std::string>{"other"});
}

TEST_CASE("Votes find their pictures relative to the table's folder") {
    const TemporaryFolder folder;
    write_file(folder / "votes.csv", "picture,fear,unknown,neutral\nfear/1.png,6,2,2\nfear/2.png,0,0,0\n");
    const auto table = read_vote_table(folder / "votes.csv");
    const std::vector<ClassFolder> folders{{"fear", {folder / "fear" / "1.png", folder / "fear" / "2.png"}}};
    std::vector<ScoredFolder> scored{{"fear", {{"fear/1.png"}, {"fear/2.png"}}}};
    const auto card = three_class_card();
    add_votes(card, folders, {table}, scored);
    CHECK(scored[0].pictures[0].votes == std::vector<float>{0.0f, 0.6f, 0.2f});
    CHECK(scored[0].pictures[1].votes.empty());  // no votes
    std::vector<ScoredFolder> others{{"fear", {{"fear/9.png"}}}};
    CHECK_THROWS_WITH(add_votes(card, {{"fear", {folder / "9.png"}}}, {table}, others),
                      ContainsSubstring("names none of the pictures"));
    write_file(folder / "foreign.csv", "picture,joy\nfear/1.png,6\n");
    CHECK_THROWS_WITH(add_votes(card, folders, {read_vote_table(folder / "foreign.csv")}, scored),
                      ContainsSubstring("give columns and classes the same names"));
}

TEST_CASE("Predictions have one row per picture") {
    const auto text = predictions_csv(three_class_card(), judged());
    CHECK_THAT(text, ContainsSubstring("picture,truth,majority,shown,p_happy,p_fear,p_neutral,votes_happy,"
                                       "votes_fear,votes_neutral\n"
                                       "fear/1,fear,fear,fear,0.100000,0.700000,0.200000,0.000000,0.800000,"
                                       "0.100000\n"));
    CHECK_THAT(text, ContainsSubstring("neutral/3,neutral,,fear,0.100000,0.800000,0.100000,,,\n"));
    CHECK_THAT(text, ContainsSubstring("neutral/torn,neutral,,,,,,,,\n"));
}

TEST_CASE("Thresholds are chosen by votes, and by labels where there are no votes") {
    auto card = three_class_card();
    Recipe recipe;
    recipe.show_agreement = {0.5, 0.5};
    recipe.show_calm_rate = {1.0, 1.0};
    std::vector<std::string> warnings;
    choose_thresholds(recipe, judged(), card, warnings);
    // neutral/3, whose folder says neutral, has fear's evidence .8: shares 0 .8 .2 0 from the top never are
    // half.
    REQUIRE(warnings.size() == 1);
    CHECK_THAT(warnings[0], ContainsSubstring("fear never has the agreement of 0.5000 of the people"));
    CHECK(card.shown[1].min_probability == 1.0);
    auto folders = judged();
    folders[1].pictures.erase(folders[1].pictures.begin() + 2, folders[1].pictures.end());
    choose_thresholds(recipe, folders, card, warnings);
    CHECK(card.shown[1].min_probability == Approx(0.5));
    recipe.show_calm_rate = {1.0, 0.0};  // the picture at .5 has a neutral majority
    choose_thresholds(recipe, folders, card, warnings);
    CHECK(card.shown[1].min_probability == Approx(0.7));
}

TEST_CASE(
    "What neutral faces are like is the mean logarithm where most say so, or by the folder without votes") {
    const auto means = neutral_answers(three_class_card(), judged());
    REQUIRE(means.size() ==
            3);  // of fear/2, of which most say neutral, and neutral/3, of which nobody was asked
    CHECK(means[0] == Approx(0.5 * (std::log(0.2) + std::log(0.1))).margin(1e-4));
    CHECK(means[1] == Approx(0.5 * (std::log(0.5) + std::log(0.8))).margin(1e-4));
    CHECK(means[2] == Approx(0.5 * (std::log(0.3) + std::log(0.1))).margin(1e-4));

    auto other = three_class_card();
    other.classes[2] = "calm";
    CHECK(neutral_answers(other, judged()).empty());
    CHECK(neutral_answers(three_class_card(), {judged()[0]}).size() == 3);
    CHECK(neutral_answers(three_class_card(), {}).empty());
    const std::vector<ScoredFolder> sure{
        {"neutral", {{"neutral/1", ScoredPicture::Outcome::kScored, {0.0f, 0.0f, 1.0f}, {}}}}};
    CHECK(neutral_answers(three_class_card(), sure)[0] == Approx(std::log(1e-6)).margin(1e-4));
}

}  // namespace vote_figures_test
