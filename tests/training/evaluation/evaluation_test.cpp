#include "training/evaluation/evaluation.hpp"

#include <cmath>
#include <sstream>

#include "base/display_width.hpp"
#include "support/catch.hpp"
#include "training/evaluation/evaluation_text.hpp"

namespace evaluation_test {

using namespace emotion;
using namespace emotion::training;

namespace {

model::ModelCard happy_fear_card() {
    model::ModelCard card;
    card.classes = {"happy", "fear"};
    card.shown = {{0, 0.6}, {1, 0.7}};
    card.positive = "fear";
    return card;
}

ScoredFolder folder(const std::string& name, const std::vector<std::vector<float>>& answers) {
    ScoredFolder folder{name, {}};
    for (const auto& probabilities : answers)
        folder.pictures.push_back({name, ScoredPicture::Outcome::kScored, probabilities});
    return folder;
}

/// Forced: 2 of 3 happy and 2 of 3 fear are right. Shown: see the tests.
std::vector<ScoredFolder> hand_counted() {
    std::vector<ScoredFolder> folders{
        folder("fear", {{0.2f, 0.8f}, {0.4f, 0.6f}, {0.9f, 0.1f}}),
        folder("happy", {{0.75f, 0.25f}, {0.55f, 0.45f}, {0.25f, 0.75f}}),
        folder("neutral", {{0.65f, 0.35f}, {0.5f, 0.5f}, {0.1f, 0.9f}, {0.45f, 0.55f}})};
    folders[0].pictures.push_back({"fear/torn", ScoredPicture::Outcome::kUnreadable, {}});
    folders[2].pictures.push_back({"neutral/wall", ScoredPicture::Outcome::kNoFace, {}});
    return folders;
}

}  // namespace

TEST_CASE("The forced-choice metrics agree with a manual count of the two classes") {
    const auto forced = evaluate(happy_fear_card(), hand_counted()).forced;
    CHECK(forced.positive == "fear");
    CHECK(forced.counts == ml::BinaryCounts{2, 2, 1, 1});
    CHECK(*forced.matrix.accuracy() == Approx(4.0 / 6.0));
    CHECK(*forced.matrix.balanced_accuracy() == Approx(2.0 / 3.0));
    CHECK(*ml::precision(forced.counts) == Approx(2.0 / 3.0));
    CHECK(*ml::recall(forced.counts) == Approx(2.0 / 3.0));
    CHECK(*ml::f1_score(forced.counts) == Approx(2.0 / 3.0));
    // Fear's 0.8, 0.6, 0.1 against happy's 0.25, 0.45, 0.75: 3 + 2 + 0 of 9 pairs in order.
    CHECK(*forced.auc == Approx(5.0 / 9.0));
    const double losses =
        -std::log(0.8) - std::log(0.6) - std::log(0.1) - std::log(0.75) - std::log(0.55) - std::log(0.25);
    CHECK(*forced.log_loss == Approx(losses / 6).epsilon(1e-5));
    // Bins (0.533, 0.6]: 0.6 right and 0.55 right; (0.733, 0.8]: 0.8 right, 0.75 right, 0.75 wrong; 0.9
    // wrong.
    CHECK(*forced.ece == Approx((std::abs(1.15 - 2) + std::abs(2.3 - 2) + 0.9) / 6).epsilon(1e-5));
}

TEST_CASE("The open metrics count the shown labels on every folder") {
    const auto evaluation = evaluate(happy_fear_card(), hand_counted());
    CHECK(evaluation.samples == 10);
    CHECK(evaluation.skipped == 2);
    // Shown as happy: 0.9 (fear), 0.75 (happy), 0.65 (neutral); as fear: 0.8 (fear), 0.75 (happy), 0.9
    // (neutral).
    const auto& open = evaluation.open;
    REQUIRE(open.labels.size() == 2);
    for (const auto& label : open.labels) {
        CHECK(*label.precision == Approx(1.0 / 3.0));
        CHECK(*label.recall == Approx(1.0 / 3.0));
        CHECK(*label.f1 == Approx(1.0 / 3.0));
    }
    CHECK(*open.coverage == Approx(0.6));
    CHECK(*open.false_label_rate == Approx(0.5));
    const auto& fear = evaluation.per_class[0];
    CHECK(fear.samples == 3);
    CHECK(fear.unreadable == 1);
    CHECK(fear.no_face == 0);
    CHECK(fear.shown == std::vector<std::int64_t>{1, 1});
    CHECK(fear.shown_nothing == 1);
    CHECK(evaluation.per_class[2].no_face == 1);
}

TEST_CASE("A tie goes to the positive class") {
    const auto forced = evaluate(happy_fear_card(), {folder("happy", {{0.5f, 0.5f}})}).forced;
    CHECK(forced.counts == ml::BinaryCounts{0, 0, 1, 0});
}

TEST_CASE("A card with more classes is forced to choose among those it shows") {
    auto card = happy_fear_card();
    card.classes = {"angry", "fear", "happy"};
    card.shown = {{2, 0.5}, {1, 0.5}};
    const auto evaluation =
        evaluate(card, {folder("fear", {{0.7f, 0.2f, 0.1f}}), folder("happy", {{0.7f, 0.2f, 0.1f}}),
                        folder("angry", {{0.7f, 0.2f, 0.1f}, {0.2f, 0.1f, 0.7f}})});
    CHECK(evaluation.forced.classes == std::vector<std::string>{"fear", "happy"});
    CHECK(evaluation.forced.counts == ml::BinaryCounts{1, 0, 1, 0});
    // Fear has two thirds of the probability of fear and happy.
    CHECK(*evaluation.forced.log_loss == Approx((std::log(1.5) + std::log(3.0)) / 2).epsilon(1e-5));
    CHECK(*evaluation.open.false_label_rate == Approx(0.5));
    CHECK(*evaluation.open.coverage == Approx(0.25));
}

TEST_CASE("Undefined metrics are null in JSON and a dash in text") {
    const auto evaluation = evaluate(happy_fear_card(), {folder("sad", {{0.5f, 0.5f}})});
    const auto json = to_json(evaluation);
    for (const auto& figure : named_figures()) {
        INFO(figure.key);
        CHECK(json["forced"].at(figure.key).is_null());
    }
    CHECK(json["open"]["fear"]["precision"].is_null());
    CHECK(json["open"]["coverage"] == 0.0);
    CHECK(json.dump().find("nan") == std::string::npos);
    CHECK_THAT(to_text(evaluation), ContainsSubstring("F1                 -"));
}

TEST_CASE("Names of classes in any script keep the columns of the table in line") {
    auto card = happy_fear_card();
    card.classes = {"gl\u00fccklich", "\u6050\u6016"};
    card.positive = card.classes.back();
    const auto text = to_text(evaluate(card, {folder(card.classes[0], {{0.9f, 0.1f}}),
                                              folder(card.classes[1], {{0.1f, 0.9f}, {0.2f, 0.8f}})}));
    std::istringstream lines(text.substr(text.find("  folder")));
    std::vector<std::size_t> widths;
    for (std::string line; std::getline(lines, line) && !line.empty();) widths.push_back(display_width(line));
    REQUIRE(widths.size() == 3);
    CHECK(widths[1] == widths[0]);
    CHECK(widths[2] == widths[0]);
    const VoteFigure of_long_name{"", "correlation: gl\u00fccklich", {}};
    CHECK(name_width({of_long_name}, kFigureNameWidth) == 23);
    CHECK(name_width({}, kFigureNameWidth) == kFigureNameWidth);
}

TEST_CASE("The JSON and the text name every metric") {
    const auto evaluation = evaluate(happy_fear_card(), hand_counted());
    const auto json = to_json(evaluation);
    const auto text = to_text(evaluation);
    for (const auto& figure : named_figures()) {
        CHECK(std::string(figure.name).size() < kFigureNameWidth);
        CHECK(json["forced"][figure.key] == figure.of(evaluation.forced).value());
        CHECK_THAT(text, ContainsSubstring(std::string("\n  ") + figure.name + ' '));
    }
    for (const char* share : {"accuracy           ", "precision          ", "recall             "})
        CHECK_THAT(text, ContainsSubstring(share + std::string("0.6667  (95 %: 0.")));
    CHECK_THAT(text, ContainsSubstring("F1                 0.6667\n"));
    CHECK(json["samples"] == 10);
    CHECK(json["skipped"] == 2);
    CHECK(json["forced"]["positive"] == "fear");
    for (const char* key : {"tp", "tn", "fp", "fn"}) CHECK(json["forced"][key].is_number_integer());
    CHECK(json["open"]["happy"].size() == 3);
    CHECK(json["open"]["false_label_rate"] == 0.5);
    CHECK(json["per_class"]["neutral"] ==
          nlohmann::ordered_json::parse(
              R"({"samples":4,"unreadable":0,"no_face":1,"shown":{"happy":1,"fear":1,"none":2}})"));
}

}  // namespace evaluation_test
