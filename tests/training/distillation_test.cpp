#include "training/distillation.hpp"

#include "base/error.hpp"
#include "model/model_files.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "training/class_pictures.hpp"
#include "training/evaluation.hpp"
#include "training/training_run.hpp"

using namespace emotion;
using namespace emotion::test;

namespace {

const std::string kStudent = R"(family: network
classes: [up, down]
crop: {width: 16, height: 16}
network:
  layers: [conv 6, max_pool, conv 8, max_pool]
  epochs: 3
  batch_size: 16
)";

/// A card in `folder` that knows up and down by their mean brightness in the halves.
void write_teacher(const TemporaryFolder& folder, const std::vector<std::string>& classes) {
    ModelCard card;
    card.name = "teacher";
    card.classes = classes;
    card.crop.width = card.crop.height = 16;
    card.positive = classes[1];
    for (int k = 0; k < 2; ++k) card.shown.push_back({k, 0.5});
    ml::Dense dense{256, static_cast<int>(classes.size()), {}, std::vector<float>(classes.size())};
    for (std::size_t k = 0; k < classes.size(); ++k)
        for (int pixel = 0; pixel < 256; ++pixel)
            dense.weights.push_back((pixel < 128 ? 1.0f : -1.0f) * (k == 0 ? 0.05f : k == 1 ? -0.05f : 0.0f));
    save_model(folder / "teacher.yaml", card, {1, 16, 16, {{std::move(dense), {-1}}}});
}

}  // namespace

TEST_CASE("Teachers soften the labels by their weight and what they do not know is left out") {
    const TemporaryFolder folder;
    write_teacher(folder, {"up", "down", "third"});
    const auto data = class_dataset({"down", "up"}, 5);  // in another order than the teacher's
    ThreadPool threads(2);
    const auto half = distilled_targets({{folder / "teacher.yaml"}, 0.5}, data, threads, {});
    const auto none = distilled_targets({{folder / "teacher.yaml"}, 0.0}, data, threads, {});
    REQUIRE(half.size() == 2 * data.size());
    for (std::size_t i = 0; i < data.size(); ++i) {
        const auto truth = static_cast<std::size_t>(data.labels[i]);
        CHECK(half[2 * i] + half[2 * i + 1] == Approx(1.0));
        CHECK(half[2 * i + 1 - truth] > 0.0f);
        CHECK(half[2 * i + 1 - truth] < 0.5f);  // the label keeps its half
        CHECK(none[2 * i + truth] == 1.0f);
    }
    // The made-up pictures of class 0 are bright above, which the teacher calls up.
    CHECK(half[0] < 0.9f);
}

TEST_CASE("A teacher that lacks a class is refused by name") {
    const TemporaryFolder folder;
    write_teacher(folder, {"up", "down"});
    ThreadPool threads(1);
    CHECK_THROWS_WITH(
        distilled_targets({{folder / "teacher.yaml"}, 0.5}, class_dataset({"up", "sad"}, 2), threads, {}),
        ContainsSubstring("teacher.yaml") && ContainsSubstring("no 'sad'"));
}

TEST_CASE("A student's recipe learns from its teacher and gives another model than without") {
    const TemporaryFolder folder;
    write_teacher(folder, {"up", "down"});
    const auto data = class_dataset({"up", "down"}, 80, 0.1),
               validation = class_dataset({"up", "down"}, 40, 0.0, 2);
    ThreadPool threads(2);
    const auto weights = [&](const std::string& more) {
        const auto recipe = parse_recipe(kStudent + more, (folder / "student.yaml").string());
        const auto trained = train(recipe, data, validation, 1, threads, {});
        CHECK(evaluate(trained.card, trained.scored).forced.accuracy > 0.8);
        return onnx_bytes(trained.graph);
    };
    CHECK(weights("") != weights("  distillation: {teachers: [teacher.yaml], weight: 0.7}\n"));
}
