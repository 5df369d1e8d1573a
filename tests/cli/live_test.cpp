#include <csignal>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "cli/clips.hpp"
#include "cli/detector.hpp"

#include "base/files.hpp"
#include "support/temporary_folder.hpp"
#include "vision/camera_devices.hpp"

using namespace emotion;
using test::detect;
using test::is_one_clear_line;
using test::lines_of;
using test::TemporaryFolder;

namespace {

std::string clip_in(const TemporaryFolder& folder, int frames = 25) {
    const auto clip = (folder / "clip.avi").string();
    test::write_clip(clip, frames, [](int) { return test::picture_of("happy-1"); });
    return clip;
}

/// What `strace` saw of a run of the detector.
std::string system_calls(const TemporaryFolder& folder, const std::vector<std::string>& arguments) {
    std::vector<std::string> words{"-f",
                                   "-qq",
                                   "-e",
                                   "trace=%network,openat,open,creat,rename,unlink,mkdir",
                                   "-o",
                                   folder / "calls",
                                   EMOTION_BIN_DIR "/emotion-detector",
                                   "--headless"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    const auto result = test::run_program("strace", words, {{"ASAN_OPTIONS", "detect_leaks=0"}});
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    return read_file(folder / "calls");
}

}  // namespace

TEST_CASE("A label that has held runs its command once with what is known of it and no shell") {
    const TemporaryFolder folder;
    const auto clip = clip_in(folder, 50);
    const auto script =
        "printf \"%s|\" \"$EMOTION_LABEL\" \"$EMOTION_TRACK\" \"$EMOTION_SOURCE\" \"$@\" >> " +
        (folder / "told").string();
    const auto result =
        detect({clip, "--on", "happy:1", "sh -c '" + script + "' name \"two words\" $HOME;ls"});
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!std::filesystem::exists(folder / "told") && std::chrono::steady_clock::now() < limit)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    CHECK(read_file(folder / "told") == "happy|1|" + clip + "|two words|$HOME;ls|");
}

TEST_CASE("A command that cannot be run is told of and ends nothing") {
    const TemporaryFolder folder;
    const auto result = detect({clip_in(folder), "--on", "happy:0", "/no/such/program", "--jsonl", "-"});
    CHECK(result.exit_code == 0);
    CHECK(is_one_clear_line(result));
    CHECK_THAT(result.err, ContainsSubstring("/no/such/program"));
    CHECK(lines_of(result.out).size() == 25);
}

TEST_CASE("Live options that cannot be meant are one clear line") {
    const TemporaryFolder folder;
    const auto clip = clip_in(folder, 1);
    const std::vector<std::vector<std::string>> mistakes{
        {clip, "--camera-size", "640"},     {clip, "--camera-size", "0x480"},
        {clip, "--camera-size", "640x"},    {clip, "--camera-size", "640x480x3"},
        {clip, "--camera-fps", "0"},        {clip, "--camera-fps", "fast"},
        {clip, "--on", "happy", "true"},    {clip, "--on", "happy:soon", "true"},
        {clip, "--on", "happy:-1", "true"}, {clip, "--on", "joy:1", "true"},
        {clip, "--on", "happy:1", " "},     {clip, "--on", "happy:1", "echo 'open"},
        {clip, "--on", "happy:1"},
    };
    for (const auto& arguments : mistakes) {
        const auto result = detect(arguments);
        INFO(nlohmann::json(arguments).dump());
        CHECK(result.exit_code == 2);
        CHECK(is_one_clear_line(result));
    }
}

TEST_CASE("A camera that is not there is one clear line") {
    const auto result = detect({"--camera-size", "1280x720", "/dev/video4321"});
    CHECK(result.exit_code == 1);
    CHECK(is_one_clear_line(result));
    CHECK_THAT(result.err, ContainsSubstring("/dev/video4321") && ContainsSubstring("plug"));
}

TEST_CASE("A camera that is not there is waited for until a signal ends that") {
    test::RunningProgram program("emotion-detector", {"--headless", "--wait", "/dev/video4321"});
    std::this_thread::sleep_for(std::chrono::seconds(2));
    program.send(SIGINT);
    const auto result = program.wait();
    CHECK(result.exit_code == 0);
    CHECK(is_one_clear_line(result));
    CHECK_THAT(result.err, ContainsSubstring("waiting for it"));
}

TEST_CASE("The doctor says of each part whether it works") {
    const auto result =
        test::run_program("emotion-detector", {"--doctor"},
                          {{"DISPLAY", ""}, {"WAYLAND_DISPLAY", ""}, {"QT_QPA_PLATFORM", ""}});
    CHECK(result.exit_code == 1);
    CHECK(result.err.empty());
    for (const auto* line : {"problem  display: ", "ok       settings: ", "ok       face cascade: ",
                             "ok       model: ", "ok       video: .mp4"})
        CHECK_THAT(result.out, ContainsSubstring(line));
    for (const auto& line : lines_of(result.out))
        CHECK((line.rfind("ok ", 0) == 0 || line.rfind("problem ", 0) == 0 || line.rfind("note ", 0) == 0));
}

TEST_CASE("The cameras are listed or it is said that there are none") {
    const auto result = detect({"--list-cameras"});
    if (list_cameras().empty()) {
        CHECK(result.exit_code == 1);
        CHECK_THAT(result.out + result.err, ContainsSubstring("camera"));
    } else {
        CHECK_THAT(result.out, ContainsSubstring("/dev/video"));
    }
}

TEST_CASE("Blurred faces cannot be found in what is written") {
    const TemporaryFolder folder;
    const auto clip = clip_in(folder, 10);
    REQUIRE(detect({clip, "--blur", "--output", folder / "blurred.mp4"}).exit_code == 0);
    const auto seen = detect({folder / "blurred.mp4", "--jsonl", "-"});
    for (const auto& frame : test::json_lines(seen.out)) CHECK(frame.at("faces").empty());
}

TEST_CASE("Blurred faces are in no picture of a timeline") {
    const TemporaryFolder folder;
    const auto clip = clip_in(folder, 30);
    REQUIRE(detect({clip, "--timeline", folder / "plain.png"}).exit_code == 0);
    REQUIRE(detect({clip, "--blur", "--timeline", folder / "blurred.png"}).exit_code == 0);
    const cv::Mat plain = cv::imread(folder / "plain.png"), blurred = cv::imread(folder / "blurred.png");
    REQUIRE(plain.size() == blurred.size());
    CHECK(cv::norm(plain, blurred, cv::NORM_INF) > 20.0);
    const auto seen = detect({folder / "blurred.png", "--min-face", "24", "--jsonl", "-"});
    CHECK(test::json_lines(seen.out).at(0).at("faces").empty());
}

TEST_CASE("A mirrored clip is turned in the picture and not in the results") {
    const TemporaryFolder folder;
    const auto clip = (folder / "clip.avi").string();
    test::write_clip(clip, 3, [](int) { return test::picture_of("happy-1", {20, 120}); });
    const auto plain = detect({clip, "--jsonl", "-"});
    const auto mirrored = detect({clip, "--mirror", "--jsonl", "-", "--output", folder / "mirrored.mp4"});
    CHECK(mirrored.out == plain.out);
    const auto seen = test::json_lines(detect({folder / "mirrored.mp4", "--jsonl", "-"}).out);
    REQUIRE_FALSE(seen.at(0).at("faces").empty());
    CHECK(seen.at(0).at("faces").at(0).at("box").at(0).get<double>() > 320.0);
}

TEST_CASE("Nothing is written and nobody is connected to unless that was asked for") {
    if (!test::have_program("strace")) SKIP_TEST("strace is not installed");
    const TemporaryFolder folder;
    const auto clip = clip_in(folder, 3);
    for (const auto& line : lines_of(system_calls(folder, {clip}))) {
        INFO(line);
        CHECK(line.find("AF_INET") == std::string::npos);
        const bool for_writing =
            line.find("O_WRONLY") != std::string::npos || line.find("O_RDWR") != std::string::npos ||
            line.find("O_CREAT") != std::string::npos || line.find("creat(") != std::string::npos ||
            line.find("mkdir(") != std::string::npos;
        const bool harmless = line.find("\"/dev/") != std::string::npos ||
                              line.find("\"/proc/") != std::string::npos ||
                              line.find("ENOENT") != std::string::npos;
        CHECK((!for_writing || harmless));
    }
}
