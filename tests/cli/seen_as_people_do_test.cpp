#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "cli/clips.hpp"
#include "cli/detector.hpp"
#include "cli/streams.hpp"
#include "media/image_files.hpp"
#include "support/temporary_folder.hpp"

namespace seen_as_people_do_test {

// What the program makes of files that are not to be taken by their stored pixels or their names.

using namespace emotion;
using nlohmann::json;
using test::detect;
using test::json_lines;
using test::run_program;
using test::TemporaryFolder;

namespace {

/// The one face of the one frame that `file` holds.
json face_in(const std::filesystem::path& file) {
    const auto result = detect({file.string(), "--jsonl", "-"});
    INFO(file.filename() << ": " << result.err);
    REQUIRE(result.exit_code == 0);
    const auto frames = json_lines(result.out);
    REQUIRE(frames.size() == 1);
    REQUIRE(frames[0].at("faces").size() == 1);
    return frames[0].at("faces")[0];
}

}  // namespace

TEST_CASE("Pixels that are not square are scored as they are seen and boxes are told in stored ones") {
    if (!test::have_program("ffmpeg")) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    test::write_image(folder / "square.png", test::picture_of("happy-1"));
    const auto square = face_in(folder / "square.png");
    REQUIRE(square.at("label") == "happy");
    struct Case {
        std::string name, filter;
        std::vector<std::string> codec;
        double narrower, flatter;
    };
    for (const auto& [name, filter, codec, narrower, flatter] : std::vector<Case>{
             {"narrow.mp4", "scale=320:480,setsar=2", {"-c:v", "libx264", "-pix_fmt", "yuv420p"}, 2.0, 1.0},
             {"narrow.mkv", "scale=450:480,setsar=64/45", {"-c:v", "ffv1"}, 64.0 / 45.0, 1.0},
             {"flat.mov", "scale=640:240,setsar=1/2", {"-c:v", "mpeg4", "-q:v", "2"}, 1.0, 2.0},
             {"narrow.ts",
              "scale=480:480,setsar=4/3",
              {"-c:v", "mpeg2video", "-q:v", "2"},
              4.0 / 3.0,
              1.0}}) {
        INFO(name);
        std::vector<std::string> arguments{"-v",  "error", "-i", folder / "square.png",
                                           "-vf", filter,  "-r", "25"};
        arguments.insert(arguments.end(), codec.begin(), codec.end());
        arguments.push_back(folder / name);
        REQUIRE(run_program("ffmpeg", arguments).exit_code == 0);
        const auto face = face_in(folder / name);
        CHECK(face.at("label") == "happy");
        CHECK(face.at("confidence").get<double>() ==
              Approx(square.at("confidence").get<double>()).margin(0.1));
        const auto box = face.at("box"), seen = square.at("box");
        const std::vector<double> scale{narrower, flatter, narrower, flatter};
        for (std::size_t i = 0; i < 4; ++i)
            CHECK(box[i].get<double>() * scale[i] == Approx(seen[i].get<double>()).margin(16.0));
    }
}

TEST_CASE("No secret of an address is in any result, its name or a message") {
    const TemporaryFolder folder;
    const test::NetworkCamera server(test::picture_of("happy-1"));
    const auto port = std::to_string(server.port());
    for (const auto& address :
         std::vector<std::string>{"http://admin:s3cret@127.0.0.1:" + port + "/live",
                                  "http://127.0.0.1:" + port + "/live?token=s3cret",
                                  "http://s3cret@127.0.0.1:" + port + "/video?camera=2&password=s3cret"}) {
        INFO(address);
        const auto out = folder / "out";
        std::filesystem::remove_all(out);
        std::filesystem::create_directories(out);
        std::string told;
        for (const auto& results : std::vector<std::vector<std::string>>{
                 {"--output", out.string() + "/", "--jsonl", out.string() + "/", "--csv", out.string() + "/",
                  "--stats", out / "stats.json"},
                 {"--subtitles", out / "a.vtt", "--jsonl", "-", "--output", out / "a.mkv"}}) {
            auto arguments = results;
            arguments.insert(arguments.begin(), {address, "--max-frames", "3"});
            const auto result = detect(arguments);
            told += result.out + result.err;
        }
        const auto written = std::filesystem::recursive_directory_iterator(out);
        CHECK(std::distance(std::filesystem::begin(written), std::filesystem::end(written)) >= 4);
        for (const auto& entry : std::filesystem::recursive_directory_iterator(out))
            told += entry.path().string() + read_file(entry.path());
        CHECK(told.find("s3cret") == std::string::npos);
        CHECK(told.find("admin") == std::string::npos);
        CHECK_THAT(told, ContainsSubstring("127.0.0.1:" + port));
    }
    for (const std::string address :
         {"rtsp://admin:s3cret@127.0.0.1:1/live", "http://127.0.0.1:1/?key=s3cret"}) {
        const auto result = detect({address});
        CHECK(result.exit_code == 1);
        CHECK(test::is_one_clear_line(result));
        CHECK(result.err.find("s3cret") == std::string::npos);
    }
}

}  // namespace seen_as_people_do_test
