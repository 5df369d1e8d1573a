#include <filesystem>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/files.hpp"
#include "media/frame_sink.hpp"
#include "media/image_files.hpp"
#include "media/made_up_picture.hpp"
#include "media/made_up_video.hpp"
#include "media/sources.hpp"
#include "support/catch.hpp"
#include "support/program.hpp"
#include "support/temporary_folder.hpp"

namespace sequence_source_test {

using namespace emotion;
using namespace emotion::media;
using namespace emotion::test;

namespace {

void write_numbered(const TemporaryFolder& folder, const std::string& name, int number) {
    cv::Mat picture(48, 64, CV_8UC3, cv::Scalar::all(8 * number));
    write_image(folder / name, picture);
}

/// Identified by the pictures' gray level.
std::vector<int> numbers_of(const std::vector<Frame>& frames) {
    std::vector<int> numbers;
    for (const auto& frame : frames) numbers.push_back((frame.bgr.at<cv::Vec3b>(20, 20)[0] + 4) / 8);
    return numbers;
}

std::vector<std::string> names_of(const std::vector<std::filesystem::path>& files) {
    std::vector<std::string> names;
    for (const auto& file : files) names.push_back(file.filename().string());
    return names;
}

}  // namespace

TEST_CASE("a name with a number in printf's notation stands for the matching files, sorted by number") {
    const TemporaryFolder folder;
    for (const std::string name :
         {"a0002.png", "a0010.png", "a0001.png", "a10000.png", "a00003.png", "a7.png", "ax003.png",
          "a-001.png", "a0001.jpg", "b2.png", "b10.png", "b01.png", "c9.png.bak", "100%d.png"})
        write_file(folder / name, "x");
    std::filesystem::create_directory(folder / "a0004.png");
    const auto found = [&](const std::string& name) {
        return names_of(sequence_files((folder / name).string()));
    };
    CHECK(found("a%04d.png") ==
          std::vector<std::string>{"a0001.png", "a0002.png", "a0010.png", "a10000.png"});
    CHECK(found("b%d.png") == std::vector<std::string>{"b2.png", "b10.png"});
    CHECK(found("b%02d.png") == std::vector<std::string>{"b01.png", "b10.png"});
    for (const std::string none :
         {"c%d.png", "100%d.png", "a.png", "a%s.png", "a%04.png", "gone/%d.png", "%"})
        CHECK(found(none).empty());
}

TEST_CASE("numbered pictures are a recording at the requested rate") {
    const TemporaryFolder folder;
    for (const int number : {3, 4, 5, 7, 8, 9})
        write_numbered(folder, "f" + std::to_string(number) + ".png", number);
    const auto name = (folder / "f%d.png").string();
    for (const double fps : {10.0, 25.0, 29.97}) {
        std::vector<std::string> warnings;
        const OpenOptions options{.warn = [&](const std::string& note) { warnings.push_back(note); }};
        const auto source = open_sequence(name, sequence_files(name), fps, options);
        CHECK(source->info().kind == SourceKind::kRecording);
        CHECK(source->info().fps == fps);
        CHECK(source->info().frames == 6);
        const auto frames = all_frames(*source);
        CHECK(numbers_of(frames) == std::vector<int>{3, 4, 5, 7, 8, 9});
        for (std::size_t i = 0; i < frames.size(); ++i) {
            CHECK(frames[i].index == static_cast<std::int64_t>(i));
            CHECK(frames[i].time_s == Approx(static_cast<double>(i) / fps).margin(1e-6));
        }
        CHECK(source->next() == std::nullopt);
        REQUIRE(warnings.size() == 1);
        CHECK_THAT(warnings[0],
                   ContainsSubstring("f%d.png: 1 of the numbers 3 to 9 is missing; the pictures"));
    }
    const auto later = all_frames(*open_source(name, {.start_s = 0.08}));
    REQUIRE(numbers_of(later) == std::vector<int>{5, 7, 8, 9});
    CHECK(later[0].index == 2);
    CHECK(later[0].time_s == Approx(0.08));
    CHECK_THROWS_AS(open_source(name, {.start_s = 60.0}), Error);
}

TEST_CASE("unreadable numbered pictures are reported and the previous one lasts longer") {
    const TemporaryFolder folder;
    for (const int number : {1, 2, 3}) write_numbered(folder, "f" + std::to_string(number) + ".png", number);
    write_file(folder / "f2.png", "no picture");
    std::vector<std::string> warnings;
    const auto frames = all_frames(*open_source(
        (folder / "f%d.png").string(), {.warn = [&](const std::string& note) { warnings.push_back(note); }}));
    CHECK(numbers_of(frames) == std::vector<int>{1, 3});
    CHECK(frames[1].index == 2);
    REQUIRE(warnings.size() == 1);
    CHECK_THAT(warnings[0], ContainsSubstring("left out: ") && ContainsSubstring("f2.png: is not a picture"));
    std::filesystem::remove(folder / "f2.png");
    write_numbered(folder, "f5.png", 5);
    warnings.clear();
    open_source((folder / "f%d.png").string(),
                {.warn = [&](const std::string& note) { warnings.push_back(note); }});
    REQUIRE(warnings.size() == 1);
    CHECK_THAT(warnings[0], ContainsSubstring("f%d.png: 2 of the numbers 1 to 5 are missing; the pictures"));
    for (const char* file : {"f1.png", "f3.png", "f5.png"}) write_file(folder / file, "nor is this");
    CHECK_THROWS_WITH(open_source((folder / "f%d.png").string()), ContainsSubstring("none of its pictures"));
}

TEST_CASE("numbered pictures give the video that FFmpeg makes of them") {
    if (!have_program("ffmpeg") || !have_program("ffprobe")) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    for (int number = 1; number <= 20; ++number)
        write_numbered(folder, (number < 10 ? "f000" : "f00") + std::to_string(number) + ".png", number);
    const auto name = (folder / "f%04d.png").string();
    const auto source = open_sequence(name, sequence_files(name), 10.0, {});
    const auto sink = make_file_sink(folder / "ours.mp4", source->info());
    while (const auto frame = source->next()) sink->write(frame->time_s, frame->bgr);
    sink->finish();
    ffmpeg({"-framerate", "10", "-i", name, "-pix_fmt", "yuv420p", (folder / "theirs.mp4").string()});
    const auto probed = [&](const std::string& file) {
        return run_program("ffprobe", {"-v", "error", "-show_entries", "stream=duration,nb_frames", "-of",
                                       "csv=p=0", (folder / file).string()})
            .out;
    };
    CHECK(probed("ours.mp4") == probed("theirs.mp4"));
}

}  // namespace sequence_source_test
