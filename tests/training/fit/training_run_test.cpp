#include "training/fit/training_run.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.hpp"
#include "ml/core/half.hpp"
#include "model/model_files.hpp"
#include "model/scorer.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "training/data/class_pictures.hpp"
#include "training/evaluation/evaluation.hpp"

namespace training_run_test {

using namespace emotion;
using namespace emotion::training;
using namespace emotion::test;

namespace {

Recipe recipe_of(const std::string& solver, const std::string& more = "") {
    return parse_recipe(
        "family: logistic\nclasses: [up, down]\ncrop: {width: 16, height: 16}\nlogistic:\n  features: " +
            solver + more,
        "test.yaml");
}

const std::string kDescent = "unit\n  solver: descent\n  descent: {learning_rate: 1e-4, epochs: 30}\n";
const std::string kBest = "standardised\n  l2: [10, 100, 1000]\n  solver: lbfgs\nfolds: 4\n";

TrainedModel run(const Recipe& recipe, const Dataset& data, int threads = 1, std::uint64_t seed = 1,
                 const Dataset& validation = {}) {
    ThreadPool pool(threads);
    return train(recipe, data, validation, {seed, pool});
}

std::string value_of(const model::ModelCard& card, const std::string& key) {
    for (const auto& [name, value] : card.provenance)
        if (name == key) return value;
    return "missing";
}

}  // namespace

TEST_CASE("A default summary does not look like a success") {
    const TrainingSummary summary;
    CHECK(std::isnan(summary.loss));
}

TEST_CASE("Training gives the same bytes for any number of threads and others for another seed") {
    const auto data = class_dataset({"up", "down"}, 300, 0.2);
    for (const auto& recipe : {recipe_of(kDescent), recipe_of(kBest)}) {
        const auto one = run(recipe, data, 1), two = run(recipe, data, 2);
        CHECK(model::card_text(one.card) == model::card_text(two.card));
        CHECK(model::onnx_bytes(one.graph) == model::onnx_bytes(two.graph));
        CHECK(model::card_text(run(recipe, data, 1, 2).card) != model::card_text(one.card));
    }
}

TEST_CASE("The loss decreases and is reported after each epoch") {
    const auto data = class_dataset({"up", "down"}, 100, 0.1);
    ThreadPool threads(1);
    class : public TrainingObserver {
      public:
        void on_epoch(const TrainingStep& step) override {
            CHECK(step.epoch == static_cast<int>(losses.size()) + 1);
            CHECK(step.epochs == 30);
            losses.push_back(step.loss);
        }
        std::vector<double> losses;
    } seen;
    const auto trained = train(recipe_of(kDescent), data, {}, {1, threads, {&seen}});
    const auto& losses = seen.losses;
    REQUIRE(losses.size() == 30);
    CHECK(losses.back() < losses.front());
    CHECK(trained.summary.epochs == 30);
    CHECK(trained.summary.kept_epoch == 30);
    CHECK_FALSE(trained.summary.validation_loss);
    CHECK(trained.summary.loss == losses.back());
    CHECK(trained.summary.loss < std::log(2.0));
    CHECK(trained.card.temperature == 1.0);
}

TEST_CASE("The losses of a summary are those of the epoch that is kept, whether or not it is the last") {
    const auto data = class_dataset({"up", "down"}, 40, 0.5),
               validation = class_dataset({"up", "down"}, 40, 0.5, 2);
    const auto network = parse_recipe(
        "family: network\nclasses: [up, down]\ncrop: {width: 16, height: 16}\n"
        "network: {layers: [conv 8, max_pool, conv 8, global_average_pool], epochs: 12, batch_size: 16}\n",
        "r.yaml");
    const auto descent =
        recipe_of("unit\n  solver: descent\n  descent: {learning_rate: 1e-3, epochs: 60, patience: 3}\n");
    for (const auto& recipe : {network, descent}) {
        ThreadPool threads(2);
        class : public TrainingObserver {
          public:
            void on_epoch(const TrainingStep& step) override { steps.push_back(step); }
            std::vector<TrainingStep> steps;
        } seen;
        const auto summary = train(recipe, data, validation, {1, threads, {&seen}}).summary;
        CHECK(summary.epochs == static_cast<int>(seen.steps.size()));
        REQUIRE(summary.kept_epoch >= 1);
        REQUIRE(summary.kept_epoch <= summary.epochs);
        const auto& kept = seen.steps[static_cast<std::size_t>(summary.kept_epoch) - 1];
        CHECK(summary.loss == Approx(kept.loss));
        REQUIRE(summary.validation_loss);
        // The descent chooses by the exact loss and reports the bounded one.
        for (const auto& step : seen.steps) CHECK(*kept.validation_loss <= *step.validation_loss + 1e-3);
        CHECK(summary.kept_epoch_text() == "the kept epoch (" + std::to_string(kept.epoch) + " of " +
                                               std::to_string(seen.steps.size()) + ")");
    }
}

TEST_CASE("A fit that reached its iteration limit reports it") {
    const auto data = class_dataset({"up", "down"}, 300, 0.2);
    const auto notes_of = [&](const std::string& more) {
        return run(recipe_of("standardised\n  l2: 1\n  solver: lbfgs\n" + more), data).warnings;
    };
    CHECK(notes_of("").empty());
    REQUIRE(notes_of("  lbfgs: {max_iterations: 2}\n").size() == 1);
    CHECK_THAT(notes_of("  lbfgs: {max_iterations: 2}\n")[0],
               ContainsSubstring("not converged after 2 iterations: raise lbfgs.max_iterations"));
}

TEST_CASE("A diverging descent stops and says what to change") {
    const auto data = class_dataset({"up", "down"}, 20, 0.5);
    const auto recipe =
        recipe_of("unit\n  solver: descent\n  l2: 1e12\n  descent: {learning_rate: 1000, epochs: 5000}\n");
    CHECK_THROWS_WITH(run(recipe, data), ContainsSubstring("lower descent.learning_rate"));
}

TEST_CASE("Batches that are all dropped are rejected") {
    const auto data = class_dataset({"up", "down"}, 20);
    const auto of_batch = [&](const std::string& size) {
        return recipe_of(
            "unit\n  solver: descent\n  descent: {learning_rate: 1e-4, epochs: 3, drop_last: true, "
            "batch_size: " +
            size + "}\n");
    };
    CHECK_THROWS_WITH(run(of_batch("41"), data),
                      ContainsSubstring("40 pictures to train on, expected at least one batch (41)"));
    CHECK(run(of_batch("40"), data).summary.loss < std::log(2.0));
}

TEST_CASE("Copies of a picture are held out together") {
    // Labels are random, so a model that was not trained on a picture or its copy cannot know it.
    auto data = class_dataset({"up", "down"}, 60, 0.5);
    const auto once = data;
    data.crops.insert(data.crops.end(), once.crops.begin(), once.crops.end());
    data.labels.insert(data.labels.end(), once.labels.begin(), once.labels.end());
    for (const auto& name : once.names) data.names.push_back(name + "-copy");
    const auto known = run(recipe_of("standardised\n  l2: 1\n  solver: lbfgs\nfolds: 4\n"), data);
    CHECK(std::stod(value_of(known.card, "scores.folds.accuracy")) < 0.7);

    const auto recipe = parse_recipe(
        "family: network\nclasses: [up, down]\ncrop: {width: 16, height: 16}\n"
        "network: {layers: [conv 4, global_average_pool], epochs: 1, batch_size: 16}\n",
        "r.yaml");
    std::set<std::string> held_out;
    const auto trained = run(recipe, data);
    CHECK(trained.warnings.empty());
    for (const auto& folder : trained.scored)
        for (const auto& picture : folder.pictures) held_out.insert(picture.name);
    CHECK(held_out.size() == 24);
    for (const auto& name : once.names) CHECK(held_out.count(name) == held_out.count(name + "-copy"));

    auto clip = class_dataset({"up", "down"}, 30);  // one class mostly identical
    for (std::size_t i = 1; i < 20; ++i)
        std::copy_n(clip.crops.begin(), 256, clip.crops.begin() + static_cast<std::ptrdiff_t>(i * 256));
    for (std::uint64_t seed = 1; seed < 6; ++seed)
        CHECK(run(recipe, clip, 1, seed).scored.at(0).pictures.size() <= 6);

    auto frames = class_dataset({"up", "down"}, 10);  // one class all identical
    for (std::size_t i = 1; i < 10; ++i)
        std::copy_n(frames.crops.begin(), 256, frames.crops.begin() + static_cast<std::ptrdiff_t>(i * 256));
    const auto warnings = run(recipe, frames).warnings;
    REQUIRE(warnings.size() == 1);
    CHECK_THAT(warnings[0], ContainsSubstring("only 1 of the pictures of up differ"));
}

TEST_CASE("The card's model classifies unseen pictures with calibrated probabilities") {
    const auto trained = run(recipe_of(kBest), class_dataset({"up", "down"}, 600, 0.2), 2, 1,
                             class_dataset({"up", "down"}, 300, 0.2, 9));
    const TemporaryFolder folder;
    model::save_model(folder / "model.yaml", trained.card, trained.graph);
    const auto scorer = model::load_scorer(folder / "model.yaml");
    const auto figures =
        evaluate(scorer->card(), score_dataset(*scorer, class_dataset({"up", "down"}, 300, 0.2, 9))).forced;
    CHECK(*figures.matrix.accuracy() > 0.75);  // a fifth of the pictures look like the other class
    CHECK(*figures.matrix.accuracy() < 0.85);
    CHECK(*figures.ece < 0.06);
    CHECK(value_of(trained.card, "data.pictures") == "600 up, 600 down");
    CHECK(value_of(trained.card, "scores.validation.pictures") == "600");
    CHECK(std::stod(value_of(trained.card, "scores.validation.accuracy")) ==
          Approx(*figures.matrix.accuracy()).margin(1e-4));
    CHECK(value_of(trained.card, "l2") == "1000");  // as good as the others, and the simplest
}

TEST_CASE("A network with weights of 16-bit floats is calibrated and evaluated with those") {
    const auto data = class_dataset({"up", "down"}, 60, 0.2),
               held_out = class_dataset({"up", "down"}, 40, 0.2, 9);
    const auto train_with = [&](const std::string& weights) {
        return run(
            parse_recipe("family: network\nclasses: [up, down]\ncrop: {width: 16, height: 16}\n"
                         "network: {layers: [conv 8, max_pool, conv 16, global_average_pool], epochs: 2, "
                         "batch_size: 16, weights: " +
                             weights + "}\n",
                         "test.yaml"),
            data, 2, 1, held_out);
    };
    const auto whole = train_with("float32"), halves = train_with("float16");
    const auto& convolution = std::get<ml::Convolution>(halves.graph.nodes[3].layer);
    CHECK(convolution.weights.size() == 8 * 16 * 9);
    CHECK(ml::are_halves(convolution.weights));
    CHECK_FALSE(ml::are_halves(convolution.bias));
    CHECK_FALSE(ml::are_halves(std::get<ml::Convolution>(whole.graph.nodes[3].layer).weights));
    CHECK(halves.card.temperature != whole.card.temperature);
    CHECK(halves.card.temperature == Approx(whole.card.temperature).epsilon(0.01));
    CHECK_THROWS_WITH(train_with("int8"), ContainsSubstring("weights") && ContainsSubstring("float16"));
}

TEST_CASE("Labels are shown from the probability at which held-out predictions are precise enough") {
    const auto data = class_dataset({"up", "down"}, 600, 0.3);
    const auto lenient = run(recipe_of(kBest, "show: {precision: 0.5}\n"), data);
    const auto strict = run(recipe_of(kBest, "show: {precision: 0.75}\n"), data);
    for (std::size_t k = 0; k < 2; ++k) {
        CHECK(lenient.card.shown[k].min_probability < 0.6);
        CHECK(strict.card.shown[k].min_probability > lenient.card.shown[k].min_probability);
    }
    // "up 0.7512, down 0.7501"
    const auto precisions = value_of(strict.card, "scores.folds.shown_precision");
    CHECK(std::stod(precisions.substr(3)) >= 0.745);
    CHECK(std::stod(precisions.substr(precisions.rfind(' '))) >= 0.745);
}

TEST_CASE("Penalties of a recipe are in the card, and labels are as precise") {
    const auto data = class_dataset({"up", "down"}, 600, 0.3);
    const auto trained = run(recipe_of(kBest, "show: {precision: 0.75, less: {down: 0.5}}\n"), data);
    const auto plain = run(recipe_of(kBest, "show: {precision: 0.75}\n"), data);
    CHECK(trained.card.shown[0].penalties == std::map<int, double>{{1, 0.5}});
    CHECK(trained.card.shown[1].penalties.empty());
    CHECK(trained.card.shown[1].min_probability == plain.card.shown[1].min_probability);
    // With two classes p - (1 - p) / 2 replaces p: the same pictures with another threshold.
    const double p = plain.card.shown[0].min_probability;
    CHECK(trained.card.shown[0].min_probability == Approx(p - (1 - p) / 2).margin(2e-4));
    CHECK(std::stod(value_of(trained.card, "scores.folds.shown_precision").substr(3)) >= 0.745);
}

}  // namespace training_run_test
