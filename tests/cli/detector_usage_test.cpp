#include <array>
#include <chrono>
#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include "base/files.hpp"
#include "cli/clips.hpp"
#include "cli/detector.hpp"
#include "cli/help.hpp"
#include "pipeline/detector_config.hpp"
#include "support/temporary_folder.hpp"
#include "support/virtual_display.hpp"
#include "support/wait_until.hpp"

namespace detector_usage_test {

using namespace emotion;
using nlohmann::json;
using test::detect;
using test::frames_in;
using test::is_one_clear_line;
using test::json_lines;
using test::lines_of;
using test::TemporaryFolder;
using test::two_faces;

namespace {

/// Ten frames per second without a face.
void write_gray_clip(const std::filesystem::path& path, int frames) {
    test::write_clip(
        path, frames,
        [](int) {
            return test::background({160, 120});
        },
        10.0);
}

}  // namespace

TEST_CASE("A signal ends the run early with every output complete") {
    const int signal = GENERATE(SIGINT, SIGTERM);
    const TemporaryFolder folder;
    test::write_clip(folder / "long.avi", 3000, [](int frame) {
        return frame % 2 ? test::background({160, 120})
                         : test::background({160, 120}) + cv::Scalar::all(frame % 50);
    });
    std::filesystem::create_directory(folder / "out");
    test::RunningProgram program(
        "emotion-detector",
        {"--headless", folder / "long.avi", "--output", folder / "out/long.mp4", "--jsonl",
         folder / "out/long.jsonl", "--csv", folder / "out/long.csv", "--stats", folder / "out/stats.json"});
    const auto started = [&] {
        for (const auto& entry : std::filesystem::directory_iterator(folder / "out"))
            if (entry.path().string().find("long.jsonl") != std::string::npos &&
                test::has_content(entry.path()))
                return true;
        return false;
    };
    test::wait_until(started);
    program.send(signal);
    const auto result = program.wait();
    INFO(result.err);
    CHECK(result.exit_code == 128 + signal);
    const auto frames = json_lines(read_file(folder / "out/long.jsonl")).size();
    CHECK(frames > 0);
    CHECK(frames < 3000);
    CHECK(frames_in(folder / "out/long.mp4") == static_cast<int>(frames));
    CHECK(lines_of(read_file(folder / "out/long.csv")).size() == frames + 1);
    CHECK(json::parse(read_file(folder / "out/stats.json")).at("frames") == frames);
    for (const std::string name : {"mp4", "jsonl", "csv"})
        CHECK(std::filesystem::exists(folder / ("out/.long." + name + ".cut-short")));  // for --skip-done
    CHECK(test::files_in(folder / "out") == 7);
}

TEST_CASE("A closed pipe of results is one clear error") {
    const auto result = test::run_program(
        "bash", {"-c", "set -o pipefail; \"$0\" --headless \"$1\" --jsonl - | head -n 1 >/dev/null",
                 EMOTION_BIN_DIR "/emotion-detector", EMOTION_SOURCE_DIR "/assets/demo.mp4"});
    CHECK(result.exit_code == 1);
    CHECK(result.err == "emotion-detector: standard output: cannot be written: Broken pipe\n");
}

TEST_CASE("A full device for results is one clear error") {
    if (!std::filesystem::exists("/dev/full")) SKIP_TEST("there is no /dev/full here");
    const TemporaryFolder folder;
    test::write_clip(folder / "a.avi", 2, two_faces);
    test::write_clip(folder / "b.avi", 2, two_faces);
    const auto result = detect({folder / "a.avi", folder / "b.avi", "--jsonl", "/dev/full"});
    CHECK(result.exit_code == 1);
    CHECK(is_one_clear_line(result));
    CHECK_THAT(result.err, ContainsSubstring("/dev/full"));
}

TEST_CASE("A full standard output is one clear error whatever is printed") {
    if (!std::filesystem::exists("/dev/full")) SKIP_TEST("there is no /dev/full here");
    for (const std::string option : {"--print-config", "--help", "--version"}) {
        const auto result = test::run_program(
            "sh", {"-c", "exec \"$0\" \"$1\" >/dev/full", EMOTION_BIN_DIR "/emotion-detector", option});
        INFO(option);
        CHECK(result.exit_code == 1);
        CHECK(is_one_clear_line(result));
        CHECK_THAT(result.err, ContainsSubstring("standard output: cannot be written"));
    }
}

TEST_CASE("Without a display the program reports it and continues") {
    const auto [display, says] = GENERATE(std::pair("", "DISPLAY"), std::pair(":7654", "display"));
    const TemporaryFolder folder;
    test::write_clip(folder / "clip.avi", 3, two_faces);
    const auto result =
        test::run_program("emotion-detector", {folder / "clip.avi", "--jsonl", "-"},
                          {{"DISPLAY", display}, {"WAYLAND_DISPLAY", ""}, {"QT_QPA_PLATFORM", ""}});
    CHECK(result.exit_code == 0);
    CHECK(is_one_clear_line(result));
    CHECK_THAT(result.err, ContainsSubstring("no window") && ContainsSubstring(says));
    CHECK(json_lines(result.out).size() == 3);
}

TEST_CASE("In the window a clip that is only watched plays at normal speed") {
    if (!test::VirtualDisplay::can_be_had()) SKIP_TEST("Xvfb and xdotool are not installed");
    const TemporaryFolder folder;
    write_gray_clip(folder / "clip.avi", 40);
    const test::VirtualDisplay display;
    const auto started = std::chrono::steady_clock::now();
    const auto result = test::run_program("emotion-detector", {folder / "clip.avi", "--max-frames", "31"},
                                          display.environment());
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - started;
    CHECK(result.exit_code == 0);
    CHECK_THAT(result.err, !ContainsSubstring("emotion-detector: "));
    CHECK(seconds.count() >= 3.0);  // 10 frames per second
}

TEST_CASE("In the window a key ends a clip") {
    if (!test::VirtualDisplay::can_be_had()) SKIP_TEST("Xvfb and xdotool are not installed");
    const TemporaryFolder folder;
    write_gray_clip(folder / "long.avi", 3000);
    const test::VirtualDisplay display;
    test::RunningProgram program("emotion-detector", {folder / "long.avi", "--stats", folder / "stats.json"},
                                 display.environment());
    test::wait_until([&] {  // a window not yet drawn gets no keys
        display.xdotool({"search", "--name", "emotion-detector", "windowfocus"});
        display.xdotool({"key", "q"});
        return std::filesystem::exists(folder / "stats.json");
    });
    const auto result = program.wait();
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK_THAT(result.err, !ContainsSubstring("emotion-detector: "));
    CHECK(json::parse(read_file(folder / "stats.json")).at("frames") < 3000);
}

TEST_CASE("The printed configuration is complete and reads back the same") {
    const TemporaryFolder folder;
    const auto printed = detect({"--print-config", "--min-face", "48"});
    REQUIRE(printed.exit_code == 0);
    write_file(folder / "mine.yaml", printed.out);
    CHECK(pipeline::read_detector_config(folder / "mine.yaml").haar.min_face_px == 48);
    const auto again = detect({"--print-config", "--config", folder / "mine.yaml"});
    CHECK(again.out == printed.out);
}

TEST_CASE("The help lists every option with its default") {
    const auto result = detect({"--help"});
    CHECK(result.exit_code == 0);
    CHECK(test::check_defaults(result.out) > 15);
    for (const auto* fallback : {"models/happy-fear.yaml", "config/detector.yaml", "first camera"})
        CHECK_THAT(result.out, ContainsSubstring(fallback));
    CHECK(detect({"--version"}).out.rfind("emotion-detector ", 0) == 0);
}

TEST_CASE("An invalid command line is one clear line and exit code 2") {
    const TemporaryFolder folder;
    const auto clip = (folder / "clip.avi").string(), other = (folder / "other.avi").string();
    test::write_clip(clip, 1, two_faces);
    test::write_clip(other, 1, two_faces);
    write_file(folder / "typo.yaml", "haar:\n  min_neighbours: 5\n");
    const std::vector<std::vector<std::string>> mistakes{
        {"--no-such-option"},
        {clip, "--threads", "-1"},
        {clip, "--max-frames", "0"},
        {clip, "--min-face", "tall"},
        {clip, "--output"},
        {clip, "--jsonl", "-", "--csv", "-"},
        {clip, "--output", clip},
        {clip, "--csv", clip},
        {clip, "--jsonl", folder / "x", "--stats", folder / "x"},
        {clip, other, "--output", folder / "out.mp4"},
        {clip, other, "--jsonl", folder / "x", "--csv", folder / "x"},
        {clip, other, "--summary", folder / "x", "--stats", folder / "y/../x"},
        {clip, "--config", folder / "typo.yaml"},
        {clip, "--camera-fps", "nan"},
        {"--foo\nbar"},
    };
    const auto before = read_file(clip);
    for (const auto& arguments : mistakes) {
        const auto result = detect(arguments);
        INFO(json(arguments).dump());
        CHECK(result.exit_code == 2);
        CHECK(is_one_clear_line(result));
        CHECK(result.out.empty());
    }
    CHECK(read_file(clip) == before);
    CHECK_THAT(detect({clip, "--camera-size", "20000x20000"}).err, ContainsSubstring("at most 16384"));
}

TEST_CASE("No output replaces an input other than the sources") {
    const TemporaryFolder folder;
    const auto clip = (folder / "clip.avi").string(), card = (folder / "card.yaml").string();
    const auto cascade = (folder / "cascade.xml").string(), settings = (folder / "settings.yaml").string();
    test::write_clip(clip, 1, two_faces);
    std::filesystem::copy(EMOTION_SOURCE_DIR "/models/happy-fear.yaml", card);
    std::filesystem::copy(EMOTION_SOURCE_DIR "/models/happy-fear.onnx", folder / "happy-fear.onnx");
    std::filesystem::copy(EMOTION_BIN_DIR
                          "/../share/emotion-detector/haarcascades/haarcascade_frontalface_default.xml",
                          cascade);
    write_file(settings, "haar:\n  cascade: " + cascade + "\n");
    const std::vector<std::string> common{clip, "--model", card, "--config", settings};
    const auto detect_with = [&](const std::vector<std::string>& more) {
        auto arguments = common;
        arguments.insert(arguments.end(), more.begin(), more.end());
        return detect(arguments);
    };
    const auto refused = [&](const std::string& option, const std::string& file, const std::string& is) {
        const auto before = read_file(file);
        const auto result = detect_with({option, file});
        CHECK(result.exit_code == 2);
        CHECK(is_one_clear_line(result));
        CHECK_THAT(result.err, ContainsSubstring(option + " " + file + ": is " + is));
        CHECK(read_file(file) == before);
    };
    refused("--csv", card, "the model card");
    refused("--jsonl", folder / "happy-fear.onnx", "the model's weights");
    refused("--stats", settings, "the settings file");
    refused("--summary", cascade, "the face cascade");

    std::filesystem::rename(card, folder / "clip.csv");
    const auto result = detect({clip, "--model", folder / "clip.csv", "--csv", folder.path().string() + "/"});
    CHECK(result.exit_code == 1);
    CHECK_THAT(result.err,
               ContainsSubstring("clip.csv would be replaced by its results and is the model card"));
    CHECK(read_file(folder / "clip.csv") == read_file(EMOTION_SOURCE_DIR "/models/happy-fear.yaml"));
}

TEST_CASE("An empty value is rejected with its option") {
    const TemporaryFolder folder;
    test::write_clip(folder / "clip.avi", 1, two_faces);
    for (const std::string option : {"--csv", "--jsonl", "--stats", "--summary", "--output", "--subtitles",
                                     "--timeline", "--model", "--config", "--max-frames"}) {
        const auto result = detect({folder / "clip.avi", option, ""});
        CHECK(result.exit_code == 2);
        CHECK(is_one_clear_line(result));
        CHECK_THAT(result.err, ContainsSubstring(option));
    }
}

TEST_CASE("Names with control characters are reported in one line") {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder / "n\n");
    write_file(folder / "n\n" / "1.png", "junk");
    write_file(folder / "n\n" / "2\x1b[2J.txt", "text");
    const auto missing = detect({folder / "a\nb\x1b[2J.mp4"});
    CHECK(is_one_clear_line(missing));
    CHECK_THAT(missing.err, ContainsSubstring("a?b?[2J.mp4: no such file"));
    const auto of_folder = detect({folder / "n\n"});
    for (const auto& line : lines_of(of_folder.err)) CHECK(line.starts_with("emotion-detector: "));
    CHECK(of_folder.err.find('\x1b') == std::string::npos);
}

TEST_CASE("More threads than cores are accepted") {
    const auto result =
        detect({EMOTION_SOURCE_DIR "/assets/faces/happy-1.png", "--threads", "1024", "--jsonl", "-"});
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
}

TEST_CASE("An output with an unknown extension is rejected before any work, listing the known ones") {
    const TemporaryFolder folder;
    const std::vector<std::array<std::string, 3>> mistakes{
        {"--output", folder / "out.nonsense", "expected .mp4, "},
        {"--output", folder / "none", "the ending is missing, expected .mp4, "},
        {"--subtitles", folder / "out.txt", "ending in .srt or .vtt"},
        {"--timeline", folder / "out.gif", "ending in .png or .svg"},
    };
    for (const auto& [option, name, expected] : mistakes) {
        const auto result = detect({folder / "nowhere.mp4", option, name});
        CHECK(result.exit_code == 2);
        CHECK(is_one_clear_line(result));
        CHECK_THAT(result.err, ContainsSubstring(option + " " + name + ": ") && ContainsSubstring(expected));
    }
}

TEST_CASE("A read or write failure is one clear line and exit code 1") {
    const TemporaryFolder folder;
    const auto clip = (folder / "clip.avi").string();
    test::write_clip(clip, 1, two_faces);
    const std::vector<std::vector<std::string>> failures{
        {folder / "nowhere.mp4"},
        {clip, "--model", folder / "nowhere.yaml"},
        {clip, "--output", folder / "nowhere/out.mp4"},
        {clip, "--jsonl", folder / "nowhere/out.jsonl"},
        {clip, "--csv", folder / "nowhere/out.csv"},
        {clip, "--stats", folder / "nowhere/stats.json"},
    };
    for (const auto& arguments : failures) {
        const auto result = detect(arguments);
        INFO(json(arguments).dump());
        CHECK(result.exit_code == 1);
        CHECK(is_one_clear_line(result));
        CHECK_THAT(result.err, ContainsSubstring(arguments.back()));
    }
}

}  // namespace detector_usage_test
