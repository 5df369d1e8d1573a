#include "training/fit/distillation.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "model/model_files.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "training/data/class_pictures.hpp"
#include "training/evaluation/evaluation.hpp"
#include "training/fit/network_training.hpp"
#include "training/fit/training_run.hpp"

namespace distillation_test {

using namespace emotion;
using namespace emotion::training;
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

/// A card in `folder` that recognizes up and down by the brightness of the halves.
void write_teacher(const TemporaryFolder& folder, const std::vector<std::string>& classes) {
    model::ModelCard card;
    card.name = "teacher";
    card.classes = classes;
    card.crop.width = card.crop.height = 16;
    card.crop.normalization = faces::Normalization::kPerPicture;
    card.positive = classes[1];
    for (int k = 0; k < 2; ++k) card.shown.push_back({k, 0.5});
    ml::Dense dense{static_cast<int>(classes.size()), {}, std::vector<float>(classes.size())};
    for (std::size_t k = 0; k < classes.size(); ++k)
        for (int pixel = 0; pixel < 256; ++pixel)
            dense.weights.push_back((pixel < 128 ? 1.0f : -1.0f) * (k == 0 ? 0.02f : k == 1 ? -0.02f : 0.0f));
    model::save_model(folder / "teacher.yaml", card, {{1, 16, 16}, {{ml::Relu{}}, {std::move(dense)}}});
}

}  // namespace

TEST_CASE("Teachers soften the labels by their weight and their other classes are ignored") {
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
    // The synthetic pictures of class 0 are bright above, which the teacher calls up.
    CHECK(half[0] < 0.9f);
}

TEST_CASE("A teacher that lacks a class is rejected by name") {
    const TemporaryFolder folder;
    write_teacher(folder, {"up", "down"});
    ThreadPool threads(1);
    CHECK_THROWS_WITH(
        distilled_targets({{folder / "teacher.yaml"}, 0.5}, class_dataset({"up", "sad"}, 2), threads, {}),
        ContainsSubstring("teacher.yaml") && ContainsSubstring("no 'sad'"));
}

TEST_CASE("Teachers score views that equal the pictures like the pictures") {
    const TemporaryFolder folder;
    write_teacher(folder, {"up", "down", "third"});
    auto data = class_dataset({"down", "up"}, 5);
    data.crop.normalization = faces::Normalization::kPerPicture;
    const DistillationOptions options{{folder / "teacher.yaml", folder / "teacher.yaml"}, 0.4};
    ThreadPool threads(2);
    const auto expected = distilled_targets(options, data, threads, {});

    std::vector<float> targets(2 * data.size(), 0.0f);
    for (std::size_t i = 0; i < data.size(); ++i)
        targets[2 * i + static_cast<std::size_t>(data.labels[i])] = 1.0f;
    const ViewTeachers teachers(options, data.classes, data.crop);
    teachers.mix_into(targets, network_inputs(data, false, threads), threads);
    for (std::size_t i = 0; i < targets.size(); ++i) CHECK(targets[i] == Approx(expected[i]).margin(1e-4));
}

TEST_CASE("A teacher with other crops cannot score views") {
    const TemporaryFolder folder;
    write_teacher(folder, {"up", "down"});
    faces::CropSpec crop{.width = 20, .height = 20, .normalization = faces::Normalization::kPerPicture};
    CHECK_THROWS_WITH(ViewTeachers({{folder / "teacher.yaml"}}, {"up", "down"}, crop),
                      ContainsSubstring("teacher.yaml") && ContainsSubstring("the recipe's crops"));
    crop.width = crop.height = 16;
    crop.margin = 0.3;  // the margin only matters when cutting crops from frames
    CHECK_NOTHROW(ViewTeachers({{folder / "teacher.yaml"}}, {"up", "down"}, crop));
}

TEST_CASE("A student learns from its teacher by pictures or by views, with different results") {
    const TemporaryFolder folder;
    write_teacher(folder, {"up", "down"});
    auto data = class_dataset({"up", "down"}, 80, 0.1),
         validation = class_dataset({"up", "down"}, 40, 0.0, 2);
    data.crop.normalization = validation.crop.normalization = faces::Normalization::kPerPicture;
    const auto weights = [&](const std::string& more, int thread_count = 2) {
        ThreadPool threads(thread_count);
        const auto recipe = parse_recipe(kStudent + more, (folder / "student.yaml").string());
        const auto trained = train(recipe, data, validation, {1, threads});
        CHECK(evaluate(trained.card, trained.scored).forced.matrix.accuracy() > 0.8);
        const bool names_teacher =
            model::card_text(trained.card).find("teachers:\n    teacher: ") != std::string::npos;
        CHECK(names_teacher == !more.empty());
        return model::onnx_bytes(trained.graph);
    };
    const std::string each_view =
        "  distillation: {teachers: [teacher.yaml], weight: 0.7, asked: each_view}\n";
    const auto without = weights(""), once = weights("  distillation: {teachers: [teacher.yaml]}\n"),
               by_views = weights(each_view);
    CHECK(without != once);
    CHECK(without != by_views);
    CHECK(once != by_views);
    CHECK(by_views == weights(each_view, 1));
}

TEST_CASE("Teachers with the same name, containing a dot, are both recorded in the card") {
    const TemporaryFolder folder;
    write_teacher(folder, {"up", "down"});
    auto card = model::read_card(folder / "teacher.yaml");
    card.name = "v1.2";
    for (const auto* file : {"first.yaml", "second.yaml"}) write_file(folder / file, model::card_text(card));
    const auto recipe = parse_recipe(kStudent + "  distillation: {teachers: [first.yaml, second.yaml]}\n",
                                     (folder / "student.yaml").string());
    ThreadPool threads(1);
    const auto trained = train(recipe, class_dataset({"up", "down"}, 40, 0.1),
                               class_dataset({"up", "down"}, 20, 0.0, 2), {1, threads});
    const auto& hash = card.weights_sha256;
    CHECK_THAT(model::card_text(trained.card),
               ContainsSubstring("teachers:\n    v1-2: " + hash + "\n    v1-2 2: " + hash + "\n"));
}

}  // namespace distillation_test
