#include "cli/detector.hpp"

#include <algorithm>
#include <filesystem>
#include <regex>
#include <string>

#include "base/files.hpp"
#include "cli/clips.hpp"
#include "media/image_files.hpp"
#include "support/temporary_folder.hpp"

namespace detector_test {

using namespace emotion;
using nlohmann::json;
using test::detect;
using test::frames_in;
using test::is_one_clear_line;
using test::json_lines;
using test::lines_of;
using test::TemporaryFolder;
using test::two_faces;

TEST_CASE("A clip gives an annotated copy with every frame and a line of JSON for each") {
    const TemporaryFolder folder;
    const auto clip = (folder / "a clip.avi").string();
    test::write_clip(clip, 30, [](int frame) {
        return frame < 10 ? test::background() : test::picture_of("happy-1", {100 + 3 * frame, 100});
    });
    const auto result = detect({clip, "--output", folder / "out.mp4", "--jsonl", folder / "out.jsonl"});
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    CHECK(result.out.empty());
    CHECK(result.err.empty());
    CHECK(frames_in(folder / "out.mp4") == 30);

    const auto lines = json_lines(read_file(folder / "out.jsonl"));
    REQUIRE(lines.size() == 30);
    for (int frame = 0; frame < 30; ++frame) {
        const auto& line = lines[frame];
        CHECK(line.at("source") == clip);
        CHECK(line.at("frame") == frame);
        CHECK(line.at("time_s").get<double>() == Approx(frame / 25.0).margin(1e-3));
        REQUIRE(line.at("faces").size() == (frame < 10 ? 0 : 1));
        if (frame < 10) continue;
        const auto& face = line.at("faces")[0];
        CHECK(face.at("track") == 1);
        CHECK(face.at("box").size() == 4);
        for (const auto* kind : {"probabilities", "raw"}) {
            double sum = 0.0;
            for (const auto& [name, probability] : face.at(kind).items()) sum += probability.get<double>();
            CHECK(sum == Approx(1.0).margin(1e-4));
        }
        CHECK((face.at("label").is_null() || face.at("probabilities").contains(face.at("label"))));
    }
}

TEST_CASE("Two faces keep their ids and probabilities through a clip") {
    const TemporaryFolder folder;
    test::write_clip(folder / "two.avi", 20, two_faces);
    const auto result = detect({folder / "two.avi", "--jsonl", "-"});
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const auto lines = json_lines(result.out);
    REQUIRE(lines.size() == 20);
    for (const auto& line : lines) {
        REQUIRE(line.at("faces").size() == 2);
        for (const auto& face : line.at("faces")) {
            const bool left = face.at("box")[0].get<double>() < 300.0;
            const auto& first = lines[0].at("faces");
            const auto& same =
                first[0].at("box")[0].get<double>() < 300.0 ? first[left ? 0 : 1] : first[left ? 1 : 0];
            CHECK(face.at("track") == same.at("track"));
            const auto& probabilities = face.at("probabilities");
            CHECK((probabilities.at("happy") > probabilities.at("fear")) == left);
            if (left) CHECK(face.at("label") == "happy");
        }
    }
}

TEST_CASE("Clips of real people keep all frames by another program's count") {
    const std::filesystem::path clips = std::string(EMOTION_SHARED_DATA) + "/clips";
    if (!std::filesystem::exists(clips)) SKIP_TEST("there is no folder " + clips.string());
    if (!test::have_program("ffprobe")) SKIP_TEST("ffprobe is not installed");
    const auto count = [](const std::string& video) {
        return std::stoi(
            test::run_program("ffprobe", {"-v", "error", "-count_frames", "-select_streams", "v:0",
                                          "-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", video})
                .out);
    };
    const TemporaryFolder folder;
    for (const auto* name : {"seq_NEU_HAP_FEA.mp4", "1001_DFA_NEU_XX.flv", "two_HAP_left_FEA_right.mp4"}) {
        INFO(name);
        const auto clip = (clips / name).string();
        const auto result = detect({clip, "--output", folder / "out.mp4", "--jsonl", folder / "out.jsonl"});
        INFO(result.err);
        REQUIRE(result.exit_code == 0);
        const auto lines = json_lines(read_file(folder / "out.jsonl"));
        CHECK(static_cast<int>(lines.size()) == count(clip));
        CHECK(count(folder / "out.mp4") == count(clip));
        const std::size_t people = std::string(name).rfind("two_", 0) == 0 ? 2 : 1;
        for (const auto& line : lines) {
            INFO("frame " << line.at("frame"));
            CHECK(line.at("faces").size() == people);
        }
    }
}

TEST_CASE("The table has a row for each face and one for a frame without") {
    const TemporaryFolder folder;
    test::write_clip(folder / "clip.avi", 4,
                     [](int frame) { return frame == 0 ? test::background() : two_faces(0); });
    const auto result = detect({folder / "clip.avi", "--csv", "-", "--jsonl", folder / "clip.jsonl"});
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const auto frames = json_lines(read_file(folder / "clip.jsonl"));
    REQUIRE(frames.size() == 4);
    CHECK(frames[0].at("faces").empty());
    CHECK(frames[3].at("faces").size() == 2);
    std::size_t expected = 1;
    for (const auto& frame : frames) expected += std::max<std::size_t>(1, frame.at("faces").size());
    const auto rows = lines_of(result.out);
    REQUIRE(rows.size() == expected);
    CHECK(rows[0].rfind("source,frame,time_s,track,x,y,width,height,label,confidence,probability_", 0) == 0);
    CHECK_THAT(rows[1], ContainsSubstring(",0,0.0,,,,,,,,"));
    const auto commas = [](const std::string& row) { return std::count(row.begin(), row.end(), ','); };
    for (const auto& row : rows) CHECK(commas(row) == commas(rows[0]));
}

TEST_CASE("Statistics count frames and time the stages used") {
    const TemporaryFolder folder;
    test::write_clip(folder / "clip.avi", 12, two_faces);
    const auto result = detect(
        {folder / "clip.avi", "--stats", folder / "stats.json", "--max-frames", "7", "--threads", "1"});
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    const auto stats = json::parse(read_file(folder / "stats.json"));
    CHECK(stats.at("frames") == 7);
    CHECK(stats.at("dropped") == 0);
    CHECK(stats.at("seconds").get<double>() > 0.0);
    const auto& stages = stats.at("stages_ms");
    for (const auto* stage : {"decode", "detect", "track", "score", "smooth"})
        CHECK(stages.at(stage).at("p50").get<double>() > 0.0);
    // Nothing is shown; the median, because a busy machine may pause in any stage of a frame.
    CHECK(stages.at("show").at("p50").get<double>() < 0.01 * stages.at("detect").at("p50").get<double>());
    CHECK(stats.at("compute_ms").at("mean").get<double>() ==
          Approx(stages["detect"]["mean"].get<double>() + stages["track"]["mean"].get<double>() +
                 stages["score"]["mean"].get<double>() + stages["smooth"]["mean"].get<double>()));
}

TEST_CASE("The frame limit applies across all sources") {
    const TemporaryFolder folder;
    test::write_clip(folder / "a.avi", 5, two_faces);
    test::write_clip(folder / "b.avi", 5, two_faces);
    const auto result = detect({folder / "a.avi", folder / "b.avi", "--jsonl", "-", "--max-frames", "8"});
    CHECK(result.exit_code == 0);
    CHECK(json_lines(result.out).size() == 8);
}

TEST_CASE("Several sources give an annotated file each and a bad one stops none of them") {
    const TemporaryFolder folder;
    test::write_clip(folder / "first.avi", 3, two_faces);
    write_file(folder / "broken.mp4", "this is not a video\n");
    test::write_image(folder / "last.png", test::picture_of("fear-2"));
    const auto result = detect({folder / "first.avi", folder / "broken.mp4", folder / "last.png", "--output",
                                folder / "out", "--jsonl", folder / "out.jsonl"});
    CHECK(result.exit_code == 1);
    CHECK(is_one_clear_line(result));
    CHECK_THAT(result.err, ContainsSubstring("broken.mp4"));
    CHECK(frames_in(folder / "out" / "first.mp4") == 3);
    CHECK(test::read_image(folder / "out" / "last.png").size() == cv::Size(640, 480));
    CHECK(json_lines(read_file(folder / "out.jsonl")).size() == 4);
}

TEST_CASE("A folder stands for its pictures and videos and other files are skipped") {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder / "in");
    test::write_image(folder / "in/b.png", test::picture_of("happy-1"));
    test::write_image(folder / "in/a.jpg", test::background());
    test::write_clip(folder / "in/c.avi", 2, two_faces);
    write_file(folder / "in/notes.txt", "junk\n");
    write_file(folder / "in/.hidden.png", "junk\n");
    const auto result = detect({folder / "in", "--output", folder / "out", "--jsonl", "-"});
    INFO(result.err);
    CHECK(result.exit_code == 0);
    const auto lines = json_lines(result.out);
    REQUIRE(lines.size() == 4);
    CHECK(lines[0].at("source") == (folder / "in/a.jpg").string());
    CHECK(lines[0].at("faces").empty());
    CHECK(lines[1].at("source") == (folder / "in/b.png").string());
    CHECK(lines[1].at("faces").size() == 1);
    CHECK(lines[1].at("faces")[0].at("label") == "happy");
    CHECK(test::read_image(folder / "out/a.jpg").size() == cv::Size(640, 480));
    CHECK(test::read_image(folder / "out/b.png").size() == cv::Size(640, 480));
    CHECK(frames_in(folder / "out/c.mp4") == 2);
}

TEST_CASE("Two sources never share an annotated file") {
    const TemporaryFolder folder;
    for (const auto* side : {"left", "right"}) {
        std::filesystem::create_directory(folder / side);
        test::write_image(folder / side / "face.png", test::picture_of("happy-1"));
    }
    const auto result =
        detect({folder / "left/face.png", folder / "right/face.png", "--output", folder / "out/"});
    CHECK(result.exit_code == 1);
    CHECK(is_one_clear_line(result));
    CHECK_THAT(result.err, ContainsSubstring("right/face.png"));
    CHECK(std::filesystem::exists(folder / "out/face.png"));
}

TEST_CASE("Letters of a label that no font has are reported once if it is drawn") {
    const TemporaryFolder folder;
    const auto models = std::filesystem::path(EMOTION_SOURCE_DIR) / "models";
    const std::string name = "\u6050\u6016";
    std::filesystem::copy(models / "logistic.onnx", folder / "logistic.onnx");
    write_file(folder / "logistic.yaml",
               std::regex_replace(read_file(models / "logistic.yaml"), std::regex("\\bfear\\b"), name));
    // A system with the fonts of a small installation.
    write_file(folder / "fonts.conf",
               "<?xml version=\"1.0\"?>\n<fontconfig><dir>/usr/share/fonts/truetype/dejavu</dir>"
               "<cachedir>" +
                   (folder / "cache").string() + "</cachedir></fontconfig>\n");
    const auto first = (folder / "a.avi").string(), second = (folder / "b.avi").string();
    for (const auto& clip : {first, second}) test::write_clip(clip, 3, two_faces);
    const auto run = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--headless", "--model", (folder / "logistic.yaml").string()});
        return test::run_program("emotion-detector", arguments,
                                 {{"FONTCONFIG_FILE", (folder / "fonts.conf").string()}});
    };
    for (const auto* jobs : {"1", "2"}) {
        const auto drawn = run({first, second, "--jobs", jobs, "--output", (folder / jobs).string() + "/"});
        INFO(jobs);
        CHECK(drawn.exit_code == 0);
        CHECK(is_one_clear_line(drawn));
        CHECK_THAT(drawn.err, ContainsSubstring(name) && ContainsSubstring("fonts-droid-fallback"));
    }
    const auto written = run({first, second, "--csv", "-"});
    CHECK(written.exit_code == 0);
    CHECK(written.err.empty());
    CHECK_THAT(run({"--doctor"}).out, ContainsSubstring("note     text: ") && ContainsSubstring(name) &&
                                          ContainsSubstring("fonts-droid-fallback"));
}

#ifdef __linux__  // whose loader lists what it loads
TEST_CASE("A video needs neither the picture formats nor cameras nor windows") {
    const TemporaryFolder folder;
    const auto loaded_for = [&](const std::string& source) {
        test::RunningProgram program("emotion-detector", {source, "--headless", "--csv", folder / "out.csv"},
                                     {{"LD_DEBUG", "files"}});
        const auto result = program.wait();
        REQUIRE(result.exit_code == 0);
        return result.err;
    };
    const auto for_video = loaded_for(EMOTION_SOURCE_DIR "/assets/demo.mp4");
    REQUIRE_THAT(for_video, ContainsSubstring("libopencv_core"));
    for (const std::string module : {"imgcodecs", "videoio", "highgui"})
        CHECK_THAT(for_video, !ContainsSubstring("libopencv_" + module));
    CHECK_THAT(loaded_for(EMOTION_SOURCE_DIR "/assets/faces/happy-1.png"),
               ContainsSubstring("libopencv_imgcodecs"));
}
#endif

}  // namespace detector_test
