#include "training/fit/fine_tuning.hpp"

#include <cmath>

#include <opencv2/core.hpp>

#include "base/error.hpp"
#include "ml/network/network.hpp"
#include "model/model_files.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "training/data/class_pictures.hpp"
#include "training/evaluation/evaluation.hpp"

namespace fine_tuning_test {

using namespace emotion;
using namespace emotion::training;
using namespace emotion::test;

namespace {

const std::string kLast = "family: network\ninit: {trained: last, pull: 0.01}\n";
const std::string kAll = R"(family: network
init: {trained: all}
network:
  epochs: 4
  batch_size: 16
  learning_rate: 3e-3
  averaging: 0.5
  label_smoothing: 0
)";

/// A saved network trained on three classes.
struct Start {
    TemporaryFolder folder;
    ThreadPool threads{2};

    Start() {
        const auto recipe = parse_recipe(R"(family: network
classes: [up, down]
others: learned
crop: {width: 16, height: 16}
mirror: true
show: {min_probability: 0.4}
network: {layers: [conv 6, max_pool, conv 8, max_pool], epochs: 4, batch_size: 16}
)",
                                         "start.yaml");
        const auto trained = train(recipe, class_dataset({"up", "down", "none"}, 40, 0.2),
                                   class_dataset({"up", "down", "none"}, 20, 0.2, 2), {1, threads});
        model::save_model(path(), trained.card, trained.graph);
    }
    std::filesystem::path path() const { return folder / "start.yaml"; }

    TrainedModel tune(const std::string& recipe, const Dataset& data, const Dataset& validation = {}) {
        return fine_tune(load_initial_model(path()), parse_recipe(recipe, "tune.yaml"), data, validation,
                         {1, threads});
    }
};

double accuracy(const model::ModelCard& card, const ml::Graph& graph, const Dataset& data) {
    const auto scorer = model::make_scorer(card, model::onnx_bytes(graph), "model");
    return *evaluate(card, score_dataset(*scorer, data)).forced.matrix.accuracy();
}

/// Up and down swapped: a person with the opposite expressions.
Dataset contrary(int count, std::uint64_t seed) {
    auto data = class_dataset({"up", "down"}, count, 0.0, seed);
    for (auto& label : data.labels) label = 1 - label;
    return data;
}

}  // namespace

TEST_CASE("Fine-tuning improves a network on the new pictures and keeps its card") {
    Start start;
    const auto initial = load_initial_model(start.path());
    const auto data = contrary(40, 5), later = contrary(40, 6);
    const double before = accuracy(initial.card, initial.graph, later);
    for (const auto& recipe : {kLast, kAll}) {
        INFO(recipe);
        const auto trained = start.tune(recipe, data, contrary(20, 7));
        CHECK(accuracy(trained.card, trained.graph, later) > before + 0.2);
        CHECK(trained.card.classes == initial.card.classes);
        CHECK(trained.card.crop == initial.card.crop);
        CHECK(trained.card.temperature == initial.card.temperature);
        CHECK(trained.card.shown.size() == 2);
        CHECK(trained.card.shown[0].min_probability == 0.4);
        CHECK(std::isfinite(trained.summary.loss));
        CHECK(trained.scored_on == "validation");
        CHECK_THAT(model::card_text(trained.card), ContainsSubstring(initial.card.weights_sha256));
        model::save_model(start.folder / "tuned.yaml", trained.card, trained.graph);
        CHECK_NOTHROW(load_initial_model(start.folder / "tuned.yaml"));
    }
}

TEST_CASE("Fine-tuning learns the label among the shown classes where the votes do not tell") {
    // Nine of ten people say neither, and the tenth is undecided.
    Start start;
    auto data = contrary(40, 5);
    data.classes.push_back("none");
    for (std::size_t i = 0; i < data.size(); ++i)
        data.targets.insert(data.targets.end(), {0.05f, 0.05f, 0.9f});
    const auto accuracy_with = [&](const std::string& weight) {
        const auto tuned = start.tune(kAll + "  shown_label: " + weight + "\n", data, data);
        return accuracy(tuned.card, tuned.graph, contrary(40, 6));
    };
    CHECK(accuracy_with("10") > 0.8);
    CHECK(accuracy_with("0") < 0.6);
}

TEST_CASE("Fine-tuning does not depend on the number of threads and changes only the last layer") {
    Start start;
    const auto data = contrary(20, 5);
    const auto trained = start.tune(kLast, data);
    const auto initial = load_initial_model(start.path());
    ThreadPool one(1);
    const auto same = fine_tune(initial, parse_recipe(kLast, "tune.yaml"), data, {}, {1, one});
    CHECK(model::onnx_bytes(same.graph) == model::onnx_bytes(trained.graph));
    auto graph = trained.graph;
    CHECK(model::onnx_bytes(graph) != model::onnx_bytes(initial.graph));
    graph.nodes.back() = initial.graph.nodes.back();
    CHECK(model::onnx_bytes(graph) == model::onnx_bytes(initial.graph));
}

TEST_CASE("Interrupted fine-tuning is not resumed from another network") {
    Start start;
    const auto initial = load_initial_model(start.path());
    const auto recipe = parse_recipe(kAll, "tune.yaml");
    const auto data = contrary(20, 5);
    TrainingContext context{1, start.threads, {}, start.folder / "tuned.checkpoint"};
    const auto whole = fine_tune(initial, recipe, data, {}, context);
    context.resume = true;
    const auto resumed = fine_tune(initial, recipe, data, {}, context);
    CHECK(model::onnx_bytes(resumed.graph) == model::onnx_bytes(whole.graph));
    const InitialModel other{initial.card, whole.graph};
    CHECK_THROWS_WITH(fine_tune(other, recipe, data, {}, context), ContainsSubstring("from another network"));
}

TEST_CASE("A strong pull keeps a network unchanged") {
    Start start;
    const auto initial = load_initial_model(start.path());
    const auto later = class_dataset({"up", "down"}, 40, 0.2, 6);
    const auto trained = start.tune("family: network\ninit: {pull: 1e6}\n", contrary(20, 5));
    CHECK(accuracy(trained.card, trained.graph, later) == accuracy(initial.card, initial.graph, later));
}

TEST_CASE("Fine-tuning rejects classes that the network does not have and models of another kind") {
    Start start;
    CHECK_THROWS_WITH(start.tune(kLast, class_dataset({"up", "angry"}, 5)),
                      ContainsSubstring("angry") && ContainsSubstring("which knows: up, down, none"));
    CHECK_THROWS_WITH(load_initial_model(std::filesystem::path(EMOTION_SOURCE_DIR) / "models/logistic.yaml"),
                      ContainsSubstring("cannot be trained further"));
}

TEST_CASE("A last layer on a whole picture cannot be fine-tuned alone") {
    Start start;
    const auto recipe = parse_recipe(
        "family: network\nclasses: [up, down]\ncrop: {width: 16, height: 16}\n"
        "network: {layers: [conv 17], epochs: 1, batch_size: 16}\n",
        "flat.yaml");
    const auto data = class_dataset({"up", "down"}, 20);
    const auto flat = train(recipe, data, data, {1, start.threads});
    model::save_model(start.path(), flat.card, flat.graph);
    CHECK_THROWS_WITH(start.tune(kLast, data), ContainsSubstring("reads 4352 numbers") &&
                                                   ContainsSubstring("expected global average pooling"));
    CHECK_NOTHROW(start.tune(kAll, data));
}

TEST_CASE("A recipe with initial weights trains from them and calibrates anew") {
    Start start;
    const std::string recipe = R"(family: network
classes: [up, down]
others: learned
crop: {width: 16, height: 16}
mirror: true
network: {start: start.yaml, epochs: 1, batch_size: 16, learning_rate: 1e-9, averaging: 0}
)";
    const auto from = parse_recipe(recipe, (start.folder / "again.yaml").string());
    const auto data = class_dataset({"up", "down", "none"}, 40, 0.2),
               validation = class_dataset({"up", "down", "none"}, 20, 0.2, 2);
    const auto gone_on = train(from, data, validation, {1, start.threads});
    const auto initial = load_initial_model(start.path());
    CHECK_THAT(model::card_text(gone_on.card),
               ContainsSubstring("start:\n    start: " + initial.card.weights_sha256));
    const auto picture = std::span(data.crops).first(data.crop_bytes());
    const auto logits = [&](const ml::Graph& graph) {
        std::vector<float> input(picture.size()), result(3);
        faces::normalize(cv::Mat(16, 16, CV_8UC1, const_cast<std::uint8_t*>(picture.data())),
                         gone_on.card.crop, input);
        ml::Network(graph).predict(input, result, start.threads);
        return result;
    };
    const auto before = logits(initial.graph), after = logits(gone_on.graph);
    for (std::size_t k = 0; k < 3; ++k) CHECK(after[k] == Approx(before[k]).margin(1e-3));

    CHECK_THROWS_WITH(train(from, class_dataset({"up", "down", "more"}, 40), validation, {1, start.threads}),
                      ContainsSubstring("start.yaml: cannot start the training"));
}

}  // namespace fine_tuning_test
