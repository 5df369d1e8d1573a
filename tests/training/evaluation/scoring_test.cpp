#include "training/evaluation/scoring.hpp"

#include <cmath>

#include <opencv2/imgproc.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "media/image_files.hpp"
#include "ml/network/graph.hpp"
#include "model/model_files.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "training/data/class_pictures.hpp"

namespace scoring_test {

using namespace emotion;
using namespace emotion::training;
using namespace emotion::test;

namespace {

/// A card whose only weight is for the first pixel of the crop.
std::filesystem::path save_first_pixel_model(const TemporaryFolder& folder) {
    model::ModelCard card;
    card.name = "first pixel";
    card.classes = {"dark", "bright"};
    card.crop.width = card.crop.height = 16;
    card.activation = model::Activation::kSigmoid;
    card.shown = {{0, 0.5}, {1, 0.5}};
    card.positive = "bright";
    ml::Dense dense{1, std::vector<float>(256, 0.0f), {-1.0f}};
    dense.weights[0] = 2.0f;
    model::save_model(folder / "model.yaml", card, {{1, 16, 16}, {{dense}}});
    return folder / "model.yaml";
}

std::vector<ScoredFolder> score(const TemporaryFolder& folder, const std::filesystem::path& data,
                                const std::optional<faces::HaarOptions>& detection, int thread_count) {
    ThreadPool threads(thread_count);
    std::size_t last_done = 0;
    auto scored = score_folders(folder / "model.yaml", list_class_folders(data), detection, threads,
                                [&](std::size_t done, std::size_t pictures) {
                                    CHECK((done > last_done || done == 0));
                                    CHECK(done <= pictures);
                                    last_done = done;
                                });
    return scored;
}

}  // namespace

TEST_CASE("Every picture of every folder is scored as a crop regardless of the number of threads") {
    const TemporaryFolder folder;
    save_first_pixel_model(folder);
    const auto data = folder / "data";
    for (const char* name : {"bright", "dark", "other"}) std::filesystem::create_directories(data / name);
    write_image(data / "bright" / "white.png", cv::Mat(16, 16, CV_8UC1, cv::Scalar(255)));
    write_image(data / "dark" / "black.png", cv::Mat(40, 30, CV_8UC3, cv::Scalar::all(0)));
    write_file(data / "dark" / "torn.jpg", "no picture");
    for (const int threads : {1, 3}) {
        const auto scored = score(folder, data, std::nullopt, threads);
        REQUIRE(scored.size() == 3);
        CHECK(scored[0].pictures[0].probabilities[1] == Approx(1 / (1 + std::exp(-1.0))));
        CHECK(scored[1].pictures[0].name == "dark/black.png");
        CHECK(scored[1].pictures[0].probabilities[1] == Approx(1 / (1 + std::exp(1.0))));
        CHECK(scored[1].pictures[1].outcome == ScoredPicture::Outcome::kUnreadable);
        CHECK(scored[2].pictures.empty());
    }
}

TEST_CASE("With detection the face is scored and a picture without one is not") {
    const TemporaryFolder folder;
    save_first_pixel_model(folder);
    const auto data = folder / "data";
    std::filesystem::create_directories(data / "any");
    const auto face = read_image(std::string(EMOTION_SOURCE_DIR) + "/assets/faces/happy-1.png");
    REQUIRE_FALSE(face.empty());
    cv::Mat frame(480, 640, CV_8UC3, cv::Scalar::all(128)), large;
    cv::resize(face, large, cv::Size(240, 240));
    large.copyTo(frame(cv::Rect(200, 120, 240, 240)));
    write_image(data / "any" / "face.png", frame);
    write_image(data / "any" / "wall.png", cv::Mat(480, 640, CV_8UC3, cv::Scalar::all(128)));
    const auto scored = score(folder, data, faces::HaarOptions{}, 2);
    CHECK(scored[0].pictures[0].outcome == ScoredPicture::Outcome::kScored);
    CHECK(scored[0].pictures[0].probabilities.size() == 2);
    CHECK(scored[0].pictures[1].outcome == ScoredPicture::Outcome::kNoFace);
}

TEST_CASE("If no picture is scored the reason for the first is reported") {
    const TemporaryFolder folder;
    save_first_pixel_model(folder);
    const auto data = folder / "data";
    std::filesystem::create_directories(data / "dark");
    const auto check_reason = [&](const std::optional<faces::HaarOptions>& detection,
                                  const std::string& expected) {
        CHECK_THROWS_WITH(score(folder, data, detection, 2), ContainsSubstring(expected));
    };
    check_reason(std::nullopt, "no picture to measure in the folders dark");
    write_file(data / "dark" / "torn.jpg", "no picture");
    check_reason(std::nullopt, "torn.jpg: is not a picture");
    write_image(data / "dark" / "wall.png", cv::Mat(480, 640, CV_8UC3, cv::Scalar::all(128)));
    check_reason(faces::HaarOptions{}, "wall.png: no face was found");
    CHECK(score(folder, data, std::nullopt, 2)[0].pictures.size() == 2);
}

TEST_CASE("Pictures in memory and in files get the same scores") {
    const TemporaryFolder folder;
    const auto card = save_first_pixel_model(folder);
    write_class_folders(folder / "data", {"dark", "bright"}, 20);
    ThreadPool threads(1);
    const auto scorer = model::load_scorer(card);
    const auto data =
        load_dataset(list_class_folders(folder / "data"), {"dark", "bright"}, scorer->card().crop, threads);
    const auto in_memory = score_dataset(*scorer, data);
    const auto in_files = score(folder, folder / "data", std::nullopt, 1);  // bright before dark
    REQUIRE(in_memory.size() == 2);
    for (std::size_t i = 0; i < 20; ++i) {
        CHECK(in_memory[0].pictures[i].probabilities == in_files[1].pictures[i].probabilities);
        CHECK(in_memory[1].pictures[i].name == in_files[0].pictures[i].name);
    }
}

}  // namespace scoring_test
