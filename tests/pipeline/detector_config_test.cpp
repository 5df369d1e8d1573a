#include "pipeline/detector_config.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace detector_config_test {

using namespace emotion;
using namespace emotion::pipeline;

namespace {

DetectorConfig read_text(const std::string& text) {
    const test::TemporaryFolder folder;
    write_file(folder / "detector.yaml", text);
    return read_detector_config(folder / "detector.yaml");
}

}  // namespace

TEST_CASE("The shipped configuration has the defaults with every setting explained") {
    INFO("./run settings writes config/detector.yaml");
    CHECK(read_file(std::string(EMOTION_SOURCE_DIR) + "/config/detector.yaml") == config_text({}));
}

TEST_CASE("The options page contains the table of settings") {
    const auto page = read_file(std::string(EMOTION_SOURCE_DIR) + "/assets/docs/options.md");
    INFO("expected these lines in assets/docs/options.md:\n\n" << settings_page());
    CHECK(page.find("\n\n" + settings_page()) != std::string::npos);
}

TEST_CASE("A printed configuration reads back the same") {
    DetectorConfig config;
    config.haar = {"/data/a \"b\" # c.xml", 1.23456789, 7, 3, 24, 800, 30.5, 99};
    config.search = {0.5, 1.25, 6, 2.5, 0.5, 0.5, 0.15, 3.0, 0.7, 1.3, 2, 0.4, 4};
    config.tracker = {0.45, 2.0 / 3.0, 0.5, 0.0};
    config.smoothing = {1e-3, 0.25, 0.75};
    const auto read = read_text(config_text(config));
    CHECK(read.haar.cascade == config.haar.cascade);
    CHECK(read.haar.scale_factor == config.haar.scale_factor);
    CHECK(read.haar.min_neighbors == 7);
    CHECK(read.haar.min_face_px == 24);
    CHECK(read.haar.max_side_px == 800);
    CHECK(read.search.sweep_s == 0.5);
    CHECK(read.search.sweep_min_neighbors == 6);
    CHECK(read.search.rare_s == 0.5);
    CHECK(read.search.retry_min_neighbors == 4);
    CHECK(read.tracker.min_iou == 0.45);
    CHECK(read.tracker.keep_s == config.tracker.keep_s);
    CHECK(read.tracker.carry_s == 0.5);
    CHECK(read.tracker.smoothing_s == 0.0);
    CHECK(read.smoothing.time_constant_s == 1e-3);
    CHECK(read.smoothing.hysteresis == 0.25);
    CHECK(read.smoothing.min_hold_s == 0.75);
    CHECK(config_text(read) == config_text(config));
}

TEST_CASE("Missing keys of a configuration keep their defaults") {
    const auto config = read_text("haar:\n  min_neighbors: 3\n");
    CHECK(config.haar.min_neighbors == 3);
    CHECK(config.haar.scale_factor == faces::HaarOptions{}.scale_factor);
    CHECK(config.smoothing.time_constant_s == SmoothingOptions{}.time_constant_s);
}

TEST_CASE("A relative cascade path is relative to its configuration") {
    const test::TemporaryFolder folder;
    write_file(folder / "detector.yaml", "haar:\n  cascade: own/faces.xml\n");
    CHECK(read_detector_config(folder / "detector.yaml").haar.cascade == folder / "own/faces.xml");
    CHECK_THROWS_WITH(
        read_detector_config(folder / "none.yaml"),
        ContainsSubstring("none.yaml: no such file, expected settings such as config/detector.yaml"));
}

TEST_CASE("A setting out of range is rejected with its position and limits") {
    CHECK_THROWS_WITH(read_text("haar:\n  min_neighbors: -3\n"),
                      ContainsSubstring("detector.yaml:2:") && ContainsSubstring("haar.min_neighbors = -3") &&
                          ContainsSubstring("[0, 100]"));
    CHECK_THROWS_WITH(read_text("haar:\n  scale_factor: 1.001\n"),
                      ContainsSubstring("haar.scale_factor = 1.001") && ContainsSubstring("[1.01, 2]"));
    CHECK_THROWS_WITH(read_text("search:\n  sweep_scale_factor: 1.001\n"),
                      ContainsSubstring("sweep_scale_factor = 1.001") && ContainsSubstring("[1.01, 2]"));
    CHECK_THROWS_WITH(read_text("haar:\n  scale_factor: .nan\n"), ContainsSubstring("[1.01, 2]"));
    CHECK_THROWS_WITH(read_text("search:\n  rare_s: 20\n"),
                      ContainsSubstring("search.rare_s = 20") && ContainsSubstring("[0, 10]"));
    CHECK_THROWS_WITH(
        read_text("tracker:\n  min_iou: 0\n"),
        ContainsSubstring("detector.yaml:2:3: tracker.min_iou = 0, expected a finite number in (0, 1)"));
    CHECK_THROWS_WITH(read_text("tracker:\n  min_iou: 1.0\n"), ContainsSubstring("tracker.min_iou = 1.0"));
    CHECK_THROWS_WITH(read_text("search:\n  sudden_change: 0\n"), ContainsSubstring("(0, 1]"));
    CHECK(read_text("search:\n  sudden_change: 1\n").search.sudden_change == 1.0);
    CHECK_THROWS_WITH(read_text("smoothing:\n  hysteresis: lots\n"),
                      ContainsSubstring("smoothing.hysteresis = lots"));
}

TEST_CASE("A misspelled setting is rejected with the nearest one suggested") {
    CHECK_THROWS_WITH(read_text("smoothing:\n  hysteresys: 0.1\n"),
                      ContainsSubstring("hysteresys") && ContainsSubstring("hysteresis"));
    CHECK_THROWS_AS(read_text("har:\n  min_neighbors: 3\n"), ConfigError);
}

}  // namespace detector_config_test
