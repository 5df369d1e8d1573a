#include <algorithm>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "cli/clips.hpp"
#include "cli/detector.hpp"
#include "cli/streams.hpp"
#include "media/image_files.hpp"
#include "support/silent_server.hpp"
#include "support/temporary_folder.hpp"
#include "support/wait_until.hpp"

namespace unfinished_test {

using namespace emotion;
using nlohmann::json;
using test::detect;
using test::frames_in;
using test::is_one_clear_line;
using test::lines_of;
using test::ProgramResult;
using test::TemporaryFolder;

namespace {

namespace fs = std::filesystem;

const std::string kDetector = EMOTION_BIN_DIR "/emotion-detector";

/// A picture that does not compress.
cv::Mat noise(int frame) {
    cv::Mat picture(240, 320, CV_8UC3);
    cv::RNG(static_cast<std::uint64_t>(frame + 1)).fill(picture, cv::RNG::UNIFORM, 0, 256);
    return picture;
}

/// A picture that compresses well.
cv::Mat gray(int) {
    return test::background({320, 240});
}

/// Runs the detector with a file size limit in KiB, as if the disk were full.
ProgramResult detect_within(int kib, std::vector<std::string> arguments) {
    const std::vector<std::string> limited{"-c", "ulimit -f $0; exec \"$@\"", std::to_string(2 * kib),
                                           kDetector, "--headless"};
    arguments.insert(arguments.begin(), limited.begin(), limited.end());
    return test::run_program("sh", arguments);
}

std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace

TEST_CASE("A failing recording keeps what was written and does not count as done") {
    if (test::kCountsLines) SKIP_TEST("counts of lines may not be written");
    const TemporaryFolder folder;
    test::write_clip(folder / "clip.avi", 100, noise);
    const std::vector<std::string> arguments{folder / "clip.avi", "--output",  folder / "out/", "--csv",
                                             folder / "out/",     "--summary", folder / "out/"};
    REQUIRE(detect(arguments).exit_code == 0);
    const auto whole = read_file(folder / "out/clip.csv");

    const auto failed = detect_within(500, arguments);
    CHECK(failed.exit_code == 1);
    CHECK(is_one_clear_line(failed));
    CHECK_THAT(failed.err, ContainsSubstring("clip.mp4: ") && ContainsSubstring("File too large"));
    const auto rows = lines_of(read_file(folder / "out/clip.csv")).size();
    CHECK(rows > 1);
    CHECK(rows < 101);
    const auto summary = json::parse(read_file(folder / "out/clip.summary.json"));
    CHECK(summary[0].at("frames") == rows - 1);
    CHECK(frames_in(folder / "out/clip.mp4") == 100);  // the earlier one

    auto again = arguments;
    again.push_back("--skip-done");
    CHECK(detect(again).exit_code == 0);
    CHECK(read_file(folder / "out/clip.csv") == whole);
    CHECK(names_in(folder / "out") == std::vector<std::string>{"clip.csv", "clip.mp4", "clip.summary.json"});
    CHECK_THAT(detect(again).err, ContainsSubstring("skipped 1 of 1 sources"));
}

TEST_CASE("A truncated result with the longest possible name does not count as done") {
    if (test::kCountsLines) SKIP_TEST("counts of lines may not be written");
    const TemporaryFolder folder;
    const auto source = std::string(251, 'n') + ".avi";
    test::write_clip(folder / source, 100, noise);
    std::vector<std::string> arguments{folder / source, "--output",      folder / "out/",
                                       "--csv",         folder / "out/", "--skip-done"};
    CHECK(detect_within(500, arguments).exit_code == 1);
    write_file(folder / "out" / (std::string(251, 'n') + ".mp4"), "from an earlier run");
    const auto result = detect(arguments);
    CHECK(result.exit_code == 0);
    CHECK_THAT(result.err, !ContainsSubstring("skipped"));
    CHECK(lines_of(read_file(folder / "out" / (std::string(251, 'n') + ".csv"))).size() == 101);
    CHECK(names_in(folder / "out").size() == 2);
}

TEST_CASE("A recording that fails before its first frame leaves earlier results") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    SKIP_TEST("a sanitizer wants more address space than is to be allowed");
#endif
    const TemporaryFolder folder;
    test::write_image(folder / "big.png", cv::Mat(9000, 9000, CV_8UC3, cv::Scalar::all(90)));
    fs::create_directory(folder / "out");
    const std::vector<std::string> names{"big.csv", "big.jsonl", "big.srt", "big.summary.json",
                                         "big.timeline.png"};
    const std::string out = folder / "out/";
    for (const int kib : {600'000, 700'000}) {
        for (const auto& name : names) write_file(folder / "out" / name, "an earlier result");
        const auto result = test::run_program(
            "sh", {"-c", "ulimit -v $0; exec \"$@\"", std::to_string(kib), kDetector, "--headless",
                   "--threads", "1", folder / "big.png", "--csv", out, "--jsonl", out, "--subtitles", out,
                   "--summary", out, "--timeline", out});
        INFO(kib << " KiB: " << result.err);
        if (result.exit_code == 0) continue;
        CHECK_THAT(result.err, ContainsSubstring("big.png: needs more memory than is available"));
        CHECK(names_in(folder / "out") == names);
        for (const auto& name : names) CHECK(read_file(folder / "out" / name) == "an earlier result");
    }
}

TEST_CASE("An output that cannot be finished affects no other") {
    if (test::kCountsLines) SKIP_TEST("counts of lines may not be written");
    const TemporaryFolder folder;
    test::write_clip(folder / "clip.avi", 30, gray);
    const std::string out = folder / "out/";
    std::vector<std::string> arguments{
        folder / "clip.avi", "--output", out,         "--csv", out, "--timeline", out,
        "--subtitles",       out,        "--summary", out};
    const auto result = detect_within(16, arguments);
    CHECK(result.exit_code == 1);
    CHECK(is_one_clear_line(result));
    CHECK_THAT(result.err, ContainsSubstring("clip.timeline.png: could not be written completely"));
    CHECK(frames_in(folder / "out/clip.mp4") == 30);
    CHECK(lines_of(read_file(folder / "out/clip.csv")).size() == 31);
    CHECK(fs::exists(folder / "out/clip.srt"));
    CHECK(json::parse(read_file(folder / "out/clip.summary.json"))[0].at("frames") == 30);

    write_file(folder / "out/clip.timeline.png", "from an earlier run");
    arguments.push_back("--skip-done");
    CHECK(detect(arguments).exit_code == 0);
    CHECK(test::read_image(folder / "out/clip.timeline.png").cols == 1200);
}

TEST_CASE("All outputs that cannot be finished are reported") {
    if (test::kCountsLines) SKIP_TEST("counts of lines may not be written");
    const TemporaryFolder folder;
    test::write_clip(folder / "clip.avi", 30, gray);
    const auto result = detect_within(1, {folder / "clip.avi", "--csv", folder / "a.csv", "--timeline",
                                          folder / "a.png", "--stats", folder / "a.json"});
    CHECK(result.exit_code == 1);
    for (const std::string name : {"a.csv", "a.png", "a.json"}) {
        CHECK_THAT(result.err, ContainsSubstring(name + ": c"));  // cannot, or could not, be written
        CHECK_FALSE(fs::exists(folder / name));
    }
}

TEST_CASE("A shared table that fails ends the run and keeps what was written") {
    if (test::kCountsLines) SKIP_TEST("counts of lines may not be written");
    const TemporaryFolder folder;
    for (const std::string name : {"a.avi", "b.avi"})
        test::write_clip(folder / name, 60, [](int) {
            return test::picture_of("happy-1", {40, 0}, gray(0));
        });
    const auto result =
        detect_within(20, {folder / "a.avi", folder / "b.avi", "--jsonl", folder / "all.jsonl", "--csv",
                           folder / "all.csv", "--subtitles", folder / "out/", "--summary",
                           folder / "all.json", "--stats", folder / "stats.json"});
    CHECK(result.exit_code == 1);
    CHECK(is_one_clear_line(result));
    CHECK_THAT(result.err, ContainsSubstring("all.jsonl: cannot be written: File too large"));
    CHECK_FALSE(fs::exists(folder / "all.jsonl"));
    const auto rows = lines_of(read_file(folder / "all.csv")).size();
    CHECK(rows > 1);
    CHECK(rows < 61);
    CHECK(json::parse(read_file(folder / "all.json"))[0].at("frames") == rows - 1);
    CHECK(json::parse(read_file(folder / "stats.json")).at("frames") == rows - 1);
    CHECK(names_in(folder / "out") == std::vector<std::string>{".a.srt.cut-short", "a.srt"});
}

TEST_CASE("A summary that cannot be written is rejected before the work starts") {
    const TemporaryFolder folder;
    test::write_clip(folder / "clip.avi", 3, gray);
    const auto result = detect({folder / "clip.avi", "--summary", folder / "none/a.json", "--jsonl", "-"});
    CHECK(result.exit_code == 1);
    CHECK(is_one_clear_line(result));
    CHECK_THAT(result.err, ContainsSubstring("none/a.json: cannot be written: there is no folder "));
    CHECK(result.out.empty());
}

TEST_CASE("No summary is replaced by an empty one") {
    const TemporaryFolder folder;
    write_file(folder / "bad.mp4", "no video");
    write_file(folder / "a.json", "an earlier summary");
    write_file(folder / "worse.mp4", "no video either");
    for (const auto* sources : {"bad.mp4", "*.mp4"})
        CHECK(detect({folder / sources, "--summary", folder / "a.json"}).exit_code == 1);
    CHECK(read_file(folder / "a.json") == "an earlier summary");
}

TEST_CASE("A live source's video that cannot be finished is reported with the reason") {
    if (test::kCountsLines) SKIP_TEST("counts of lines may not be written");
    const TemporaryFolder folder;
    const test::NetworkCamera server(noise(0));
    const auto result = detect_within(
        16, {server.url(), "--max-frames", "3", "--output", folder / "out.mp4", "--csv", folder / "out.csv"});
    CHECK(result.exit_code == 1);
    CHECK(is_one_clear_line(result));
    CHECK_THAT(result.err, ContainsSubstring("out.mp4: ") && ContainsSubstring("File too large"));
    CHECK(lines_of(read_file(folder / "out.csv")).size() == 4);
}

TEST_CASE("Tables truncated by a signal are written again though each job has its own") {
    const TemporaryFolder folder;
    fs::create_directories(folder / "in");
    fs::create_directories(folder / "out");
    for (const std::string name : {"a.avi", "b.avi"})
        test::write_clip(folder / "in" / name, 2000, [](int frame) {
            return test::background({160, 120}) + cv::Scalar::all(frame % 50);
        });
    std::vector<std::string> arguments{"--headless", folder / "in", "--jobs", "2", "--csv", folder / "out/"};
    test::RunningProgram program("emotion-detector", arguments);
    test::wait_until([&] {
        const auto parts = names_in(folder / "out");
        return parts.size() == 2 && std::all_of(parts.begin(), parts.end(), [&](const std::string& name) {
                   return test::has_content(folder / "out" / name);
               });
    });
    program.send(SIGTERM);
    CHECK(program.wait().exit_code == 128 + SIGTERM);
    for (const std::string name : {"a.csv", "b.csv"}) {
        const bool cut_short = lines_of(read_file(folder / "out" / name)).size() < 2001;
        CHECK(fs::exists(folder / "out" / ("." + name + ".cut-short")) == cut_short);
    }

    arguments.insert(arguments.end(), {"--skip-done", "--every", "50"});
    CHECK(test::run_program("emotion-detector", arguments).exit_code == 0);
    CHECK(names_in(folder / "out") == std::vector<std::string>{"a.csv", "b.csv"});
    for (const std::string name : {"a.csv", "b.csv"})
        CHECK(lines_of(read_file(folder / "out" / name)).size() == 2001);
}

}  // namespace unfinished_test
