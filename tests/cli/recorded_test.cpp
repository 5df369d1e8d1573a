#include <csignal>
#include <fstream>

#include "base/files.hpp"
#include "base/one_line.hpp"
#include "cli/clips.hpp"
#include "cli/detector.hpp"
#include "media/image_files.hpp"
#include "support/temporary_folder.hpp"
#include "support/wait_until.hpp"

namespace recorded_test {

using namespace emotion;
using nlohmann::json;
using test::detect;
using test::frames_in;
using test::is_one_clear_line;
using test::json_lines;
using test::lines_of;
using test::TemporaryFolder;
using test::two_faces;
using test::wait_until;

namespace {

/// A happy face for a second, then an afraid one.
cv::Mat changing_face(int frame) {
    return test::picture_of(frame < 25 ? "happy-1" : "fear-1", {60, 20}, test::background({360, 280}));
}

std::vector<std::string> files_under(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.is_regular_file()) names.push_back(entry.path().lexically_relative(folder).string());
    std::sort(names.begin(), names.end());
    return names;
}

std::filesystem::path newest_part(const std::filesystem::path& folder) {
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().filename().string().find(".part.mp4") != std::string::npos) return entry.path();
    return {};
}

}  // namespace

TEST_CASE("One pass writes all outputs") {
    const TemporaryFolder folder;
    test::write_clip(folder / "clip.avi", 50, changing_face);
    const auto result =
        detect({folder / "clip.avi", "--output", folder / "out.mp4", "--jsonl", folder / "out.jsonl", "--csv",
                folder / "out.csv", "--subtitles", folder / "out.srt", "--timeline", folder / "out.png",
                "--summary", folder / "out.json", "--stats", folder / "stats.json"});
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    CHECK(result.err.empty());
    CHECK(files_under(folder.path()).size() == 8);
    CHECK(frames_in(folder / "out.mp4") == 50);
    CHECK(json_lines(read_file(folder / "out.jsonl")).size() == 50);
    CHECK_THAT(read_file(folder / "out.srt"),
               ContainsSubstring("1\n00:00:00,000 --> ") && ContainsSubstring("happy ("));
    CHECK(test::read_image(folder / "out.png").cols == 1200);
    const auto summary = json::parse(read_file(folder / "out.json"));
    REQUIRE(summary.size() == 1);
    CHECK(summary[0].at("frames") == 50);
    CHECK(summary[0].at("share_with_face") == 1.0);
    CHECK(summary[0].at("faces")[0].at("seconds").at("happy").get<double>() == Approx(1.0).margin(0.25));
    CHECK(json::parse(read_file(folder / "stats.json")).at("frames") == 50);
}

TEST_CASE("Labels of a recording have no lag unless it is treated as live") {
    const TemporaryFolder folder;
    test::write_clip(folder / "clip.avi", 50, changing_face);
    const auto last_happy = [&](const std::vector<std::string>& more) {
        std::vector<std::string> arguments{folder / "clip.avi", "--jsonl", "-"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const auto lines = json_lines(detect(arguments).out);
        REQUIRE(lines.size() == 50);
        double middle = 0.0;  // where the smoothed probability is halfway
        const auto happy = [&](int frame) {
            return lines[frame].at("faces")[0].at("probabilities").at("happy").get<double>();
        };
        for (int frame = 0; frame < 50; ++frame)
            if (happy(frame) > (happy(5) + happy(49)) / 2) middle = frame;
        return middle;
    };
    CHECK(last_happy({}) == Approx(24.0).margin(1.0));
    CHECK(last_happy({"--causal"}) > 25.0);
}

TEST_CASE("Faces that are at rest between two times are labelled by how they differ from that afterwards") {
    const TemporaryFolder folder;
    test::write_clip(folder / "clip.avi", 50, changing_face);
    const std::string clip = folder / "clip.avi";
    const auto plain = json_lines(detect({clip, "--jsonl", "-"}).out);
    const auto shifted = detect({clip, "--neutral", "0-0:00.8", "--jsonl", "-", "--csv", folder / "out.csv"});
    REQUIRE(shifted.exit_code == 0);
    CHECK_THAT(shifted.err, ContainsSubstring(clip + ": --neutral: face 1 (happy) did not look at rest"));
    CHECK(is_one_clear_line(shifted));
    const auto lines = json_lines(shifted.out);
    REQUIRE(lines.size() == 50);
    const auto face = [](const json& line) { return line.at("faces").at(0); };
    for (int frame = 0; frame < 50; ++frame) {
        INFO("frame " << frame);
        const bool known = frame >= 20;
        CHECK(face(plain[frame]).at("neutral") == false);
        CHECK(face(lines[frame]).at("neutral") == known);
        const double before = face(plain[frame]).at("raw").at("happy"),
                     after = face(lines[frame]).at("raw").at("happy");
        if (known)
            CHECK(after < before);
        else
            CHECK(after == before);
    }
    CHECK(face(plain[24]).at("label") == "happy");
    CHECK(face(lines[24]).at("confidence") < face(plain[24]).at("confidence"));
    CHECK(face(lines[45]).at("label") == face(plain[45]).at("label"));  // what it did not show at rest stays
    const auto table = read_file(folder / "out.csv");
    CHECK(table.substr(0, table.find('\n')).ends_with(",roll_deg,neutral"));
    CHECK(std::count(table.begin(), table.end(), '\n') == 51);
    CHECK_THAT(table, ContainsSubstring(",false\n") && ContainsSubstring(",true\n"));
    const auto too_long = detect({clip, "--neutral", "0-3", "--jsonl", folder / "out.jsonl"});
    CHECK(too_long.exit_code == 0);
    CHECK_THAT(too_long.err, ContainsSubstring("the time at rest was not over at the end"));
}

TEST_CASE("A part of a video is analyzed by its times and not every frame need be searched") {
    const TemporaryFolder folder;
    test::write_clip(folder / "clip.avi", 50, two_faces);
    const auto part = detect({folder / "clip.avi", "--start", "0.4", "--end", "0:01.2", "--jsonl", "-",
                              "--output", folder / "out.mp4"});
    INFO(part.err);
    REQUIRE(part.exit_code == 0);
    const auto lines = json_lines(part.out);
    REQUIRE(lines.size() == 20);
    CHECK(lines.front().at("frame") == 10);
    CHECK(lines.front().at("time_s").get<double>() == Approx(0.4));
    CHECK(lines.back().at("frame") == 29);
    CHECK(frames_in(folder / "out.mp4") == 20);

    const auto sparse = json_lines(detect({folder / "clip.avi", "--every", "5", "--jsonl", "-"}).out);
    REQUIRE(sparse.size() == 50);
    for (int frame = 0; frame < 50; ++frame)
        CHECK(sparse[frame].at("faces") == sparse[frame - frame % 5].at("faces"));
}

TEST_CASE("Folders give the same tree of outputs and can be resumed") {
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder / "in/deep/er");
    test::write_clip(folder / "in/a.avi", 3, two_faces);
    test::write_clip(folder / "in/deep/b.avi", 4, two_faces);
    test::write_image(folder / "in/deep/er/c.png", test::picture_of("happy-1"));
    write_file(folder / "in/deep/bad.mp4", "no video");
    write_file(folder / "in/deep/worse.mp4", "no video either");
    const std::vector<std::string> outputs{"--output",      folder / "out/", "--jsonl",
                                           folder / "out/", "--timeline",    folder / "out/"};
    for (const std::string jobs : {"1", "3"}) {
        INFO("--jobs " << jobs);
        std::filesystem::remove_all(folder / "out");
        std::vector<std::string> arguments{folder / "in", "--jobs", jobs};
        arguments.insert(arguments.end(), outputs.begin(), outputs.end());
        const auto result = detect(arguments);
        INFO(result.err);
        CHECK(result.exit_code == 1);
        CHECK(lines_of(result.err).size() == 3);
        CHECK_THAT(result.err, ContainsSubstring("2 of 5 sources failed: ") &&
                                   ContainsSubstring("deep/bad.mp4") && ContainsSubstring("deep/worse.mp4"));
        CHECK(files_under(folder / "out") ==
              std::vector<std::string>{"a.jsonl", "a.mp4", "a.timeline.png", "deep/b.jsonl", "deep/b.mp4",
                                       "deep/b.timeline.png", "deep/er/c.jsonl", "deep/er/c.png",
                                       "deep/er/c.timeline.png"});
        CHECK(frames_in(folder / "out/deep/b.mp4") == 4);
        CHECK(json_lines(read_file(folder / "out/deep/b.jsonl")).size() == 4);

        std::filesystem::remove(folder / "out/a.jsonl");
        const auto before = std::filesystem::last_write_time(folder / "out/deep/b.mp4");
        arguments.push_back("--skip-done");
        const auto again = detect(arguments);
        CHECK(again.exit_code == 1);
        CHECK_THAT(again.err, ContainsSubstring("skipped 2 of 5 sources"));
        CHECK(std::filesystem::exists(folder / "out/a.jsonl"));
        CHECK(std::filesystem::last_write_time(folder / "out/deep/b.mp4") == before);
    }
}

TEST_CASE("Outputs inside the source folder are not sources and patterns are expanded") {
    const TemporaryFolder folder;
    test::write_clip(folder / "a.avi", 2, two_faces);
    test::write_clip(folder / "b.avi", 2, two_faces);
    for (int run = 0; run < 2; ++run) {
        const auto result = detect({folder.path(), "--output", folder / "labelled/", "--jsonl", "-"});
        INFO(result.err);
        CHECK(result.exit_code == 0);
        CHECK(json_lines(result.out).size() == 4);
    }
    CHECK(json_lines(detect({folder / "*.avi", "--jsonl", "-"}).out).size() == 4);
    CHECK(json_lines(detect({folder / "[b-z].avi", "--jsonl", "-"}).out).size() == 2);
    CHECK_THAT(detect({folder / "*.mov", "--jsonl", "-"}).err, ContainsSubstring("*.mov: no such file"));
}

TEST_CASE("Timelines beside the files of a folder are not sources of the next run") {
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder / "in/deep");
    test::write_clip(folder / "in/a.avi", 3, two_faces);
    test::write_image(folder / "in/deep/b.png", test::picture_of("happy-1"));
    test::write_image(folder / "in/deep/b.jpg", test::picture_of("happy-1"));
    test::write_image(folder / "in/deep/photo.timeline.png", test::picture_of("happy-1"));  // of no source
    for (const std::string jobs : {"1", "2"}) {
        INFO("--jobs " << jobs);
        const std::vector<std::string> arguments{
            folder / "in", "--csv", folder / "in/", "--timeline", folder / "in", "--jobs", jobs};
        REQUIRE(detect(arguments).exit_code == 0);
        const auto files = files_under(folder / "in");
        const auto again = detect(arguments);
        INFO(again.err);
        CHECK(again.exit_code == 0);
        auto resumed = arguments;
        resumed.push_back("--skip-done");
        CHECK_THAT(detect(resumed).err, ContainsSubstring("skipped 4 of 4 sources"));
        CHECK(files_under(folder / "in") == files);
    }
    // By its own name it is a picture like any other.
    const auto named = detect({folder / "in/a.timeline.png", "--jsonl", "-"});
    CHECK(named.exit_code == 0);
    CHECK(json_lines(named.out).size() == 1);
}

TEST_CASE("A source is never replaced by the results of another") {
    const TemporaryFolder folder;
    test::write_clip(folder / "a.avi", 2, two_faces);
    // Two files of the same name, whose results keep the extensions, and one named like such a result.
    for (const auto* copy : {"a.mp4", "a.avi.mp4"})
        std::filesystem::copy_file(folder / "a.avi", folder / copy);
    const auto before = read_file(folder / "a.avi.mp4");
    for (const std::string jobs : {"1", "2"}) {
        const auto result = detect({folder.path(), "--output", folder.path(), "--jobs", jobs});
        CHECK(result.exit_code == 1);
        CHECK_THAT(result.err, ContainsSubstring("a.avi: ") && ContainsSubstring("is a source itself"));
        CHECK(read_file(folder / "a.avi.mp4") == before);
    }
    for (const std::string option : {"--jsonl", "--stats"}) {
        INFO(option);
        const auto shared = detect({folder.path(), option, folder / "a.mp4"});
        CHECK(shared.exit_code == 2);
        CHECK(is_one_clear_line(shared));
        CHECK(read_file(folder / "a.mp4") == before);  // unchanged
    }
}

TEST_CASE("No two results share a file, under any option and name") {
    const TemporaryFolder folder;
    const auto out = folder / "out", again = folder / "again";
    std::filesystem::create_directories(out);
    std::filesystem::create_directory_symlink(out, again);
    for (const std::string name : {"a", "b"}) test::write_clip(folder / (name + ".avi"), 2, two_faces);
    const auto refused = [&](const std::vector<std::string>& more, const std::string& file,
                             const std::string& by) {
        std::vector<std::string> arguments{folder / "a.avi", folder / "b.avi"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const auto result = detect(arguments);
        CHECK(result.exit_code == 1);
        CHECK_THAT(result.err, ContainsSubstring("a.avi: ") &&
                                   ContainsSubstring(file + " is written for " + by + " already"));
        CHECK(std::filesystem::exists(out / "b.csv"));
        std::filesystem::remove(out / "b.csv");
    };
    refused({"--csv", out, "--stats", out / "a.csv"}, "a.csv", "--stats");
    refused({"--csv", again, "--jsonl", out / "a.csv"}, "a.csv", "--jsonl");
    refused({"--csv", out, "--jsonl", again, "--summary", out / "a.jsonl"}, "a.jsonl", "--summary");

    const auto one = detect({folder / "a.avi", "--csv", out, "--jsonl", again / "a.csv"});
    CHECK(one.exit_code == 1);
    CHECK_THAT(one.err, ContainsSubstring("a.csv is written for "));
    CHECK(detect({folder / "a.avi", "--csv", out, "--jsonl", again / "a.jsonl"}).exit_code == 0);
}

TEST_CASE("A killed run leaves earlier results and a playable part file") {
    const TemporaryFolder folder;
    test::write_clip(folder / "long.avi", 2000, [](int frame) {
        return test::background({160, 120}) + cv::Scalar::all(frame % 50);
    });
    std::filesystem::create_directory(folder / "out");
    write_file(folder / "out/long.mp4", "an earlier result");
    write_file(folder / "out/long.jsonl", "an earlier table");
    test::RunningProgram program("emotion-detector",
                                 {"--headless", folder / "long.avi", "--output", folder / "out/long.mp4",
                                  "--jsonl", folder / "out/long.jsonl"});
    std::filesystem::path part;
    wait_until([&] {
        part = newest_part(folder / "out");
        return !part.empty() && test::has_content(part, 20'000);
    });
    program.send(SIGKILL);
    CHECK(program.wait().exit_code == 128 + SIGKILL);
    CHECK(read_file(folder / "out/long.mp4") == "an earlier result");
    CHECK(read_file(folder / "out/long.jsonl") == "an earlier table");
    REQUIRE(std::filesystem::exists(part));
    CHECK(frames_in(part) > 20);
}

TEST_CASE("Several jobs stop early with complete results on request") {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder / "in");
    for (const auto* name : {"in/a.avi", "in/b.avi"})
        test::write_clip(folder / name, 2000, [](int frame) {
            return test::background({160, 120}) + cv::Scalar::all(frame % 50);
        });
    test::RunningProgram program("emotion-detector", {"--headless", folder / "in", "--jobs", "2", "--jsonl",
                                                      folder / "out/", "--output", folder / "out/"});
    const auto started = [&] {
        std::size_t parts = 0;
        if (std::filesystem::exists(folder / "out"))
            for (const auto& entry : std::filesystem::directory_iterator(folder / "out"))
                parts += entry.path().string().find(".jsonl") != std::string::npos &&
                         test::has_content(entry.path());
        return parts == 2;
    };
    wait_until(started);
    program.send(SIGTERM);
    const auto result = program.wait();
    INFO(result.err);
    CHECK(result.exit_code == 128 + SIGTERM);
    for (const std::string name : {"a", "b"}) {
        const auto frames = json_lines(read_file(folder / "out" / (name + ".jsonl"))).size();
        CHECK(frames > 0);
        CHECK(frames < 2000);
        CHECK(frames_in(folder / "out" / (name + ".mp4")) == static_cast<int>(frames));
    }

    const std::vector<std::string> go_on{"--headless",    folder / "in", "--jsonl",
                                         folder / "out/", "--output",    folder / "out/",
                                         "--skip-done",   "--every",     "50"};
    CHECK(detect(go_on).exit_code == 0);
    for (const std::string name : {"a", "b"})
        CHECK(json_lines(read_file(folder / "out" / (name + ".jsonl"))).size() == 2000);
    CHECK(files_under(folder / "out") == std::vector<std::string>{"a.jsonl", "a.mp4", "b.jsonl", "b.mp4"});
    CHECK_THAT(detect(go_on).err, ContainsSubstring("skipped 2 of 2 sources"));
}

TEST_CASE("A file shared by several sources is refused with --skip-done and keeps what it has") {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder / "in");
    test::write_clip(folder / "in/a.avi", 2, two_faces);
    const std::vector<std::string> to_folder{folder / "in", "--output", folder / "out/"};
    for (const std::string option : {"--csv", "--jsonl", "--summary"}) {
        INFO(option);
        auto arguments = to_folder;
        arguments.insert(arguments.end(), {option, folder / "all.txt"});
        REQUIRE(detect(arguments).exit_code == 0);
        const auto before = read_file(folder / "all.txt");
        arguments.push_back("--skip-done");
        const auto result = detect(arguments);
        CHECK(result.exit_code == 2);
        CHECK(is_one_clear_line(result));
        CHECK_THAT(result.err, ContainsSubstring(option + " " + (folder / "all.txt").string() + ": ") &&
                                   ContainsSubstring("expected a folder (DIR/) with --skip-done"));
        CHECK(read_file(folder / "all.txt") == before);
    }
    // What is of the run, or not kept in a file, loses nothing.
    auto of_run = to_folder;
    of_run.insert(of_run.end(), {"--stats", folder / "stats.json", "--jsonl", "-", "--skip-done"});
    const auto result = detect(of_run);
    CHECK(result.exit_code == 0);
    CHECK_THAT(result.err, ContainsSubstring("skipped 1 of 1 sources"));
    const std::vector<std::string> one{folder / "in/a.avi", "--csv", folder / "a.csv", "--skip-done"};
    CHECK(detect(one).exit_code == 0);
    CHECK_THAT(detect(one).err, ContainsSubstring("skipped 1 of 1 sources"));
}

TEST_CASE("Results that end at the requested end count as done") {
    const TemporaryFolder folder;
    test::write_clip(folder / "clip.avi", 5, two_faces);
    const std::vector<std::string> arguments{folder / "clip.avi", "--max-frames",  "3",
                                             "--jsonl",           folder / "out/", "--skip-done"};
    CHECK(detect(arguments).exit_code == 0);
    CHECK(json_lines(read_file(folder / "out/clip.jsonl")).size() == 3);
    CHECK_THAT(detect(arguments).err, ContainsSubstring("skipped 1 of 1 sources"));
}

TEST_CASE("Invalid options for recordings are one clear line and exit code 2") {
    const TemporaryFolder folder;
    test::write_clip(folder / "clip.avi", 1, two_faces);
    const std::string clip = folder / "clip.avi";
    test::write_clip(folder / "other.avi", 1, two_faces);
    const TemporaryFolder settings;
    write_file(settings / "typo.yaml", "haar:\n  min_neighbours: 5\n");
    const std::vector<std::vector<std::string>> mistakes{
        {clip, "--start", "soon"},
        {clip, "--start", "2", "--end", "1"},
        {clip, "--end", "1:2:3:4"},
        {clip, "--every", "0"},
        {clip, "--neutral", "3"},
        {clip, "--neutral", "0-soon"},
        {clip, "--neutral", "3-2"},
        {clip, "--neutral", "0-3", "--start", "4"},
        {clip, "--neutral", "0-3", "--end", "2"},
        {clip, "--neutral", "0-3", "--model", EMOTION_SOURCE_DIR "/models/logistic.yaml"},
        {clip, "--fps", "10"},
        {clip, "--fps", "0"},
        {clip, "--jobs", "-1"},
        {clip, "--subtitles", clip},
        {clip, clip, "--timeline", folder / "out.png"},
        {clip, "--summary", "-", "--jsonl", "-"},
        {folder.path(), "--jobs", "2", "--jsonl", folder / "out.jsonl"},
        {folder.path(), "--jobs", "2", "--max-frames", "5"},
        {folder.path(), "--jobs", "2", "--csv", folder / "out/", "--config", settings / "typo.yaml"},
        {folder.path(), "--jobs", "2", "--csv", folder / "out/", "--on", "sleepy:1", "true"},
        {clip, ""},
    };
    for (const auto& arguments : mistakes) {
        const auto result = detect(arguments);
        INFO(json(arguments).dump());
        CHECK(result.exit_code == 2);
        CHECK(is_one_clear_line(result));
    }
    CHECK_THAT(detect({clip, "--neutral", "3-2"}).err,
               ContainsSubstring("expected two times such as 0-3 or 1:30-1:33, the earlier one first"));
    const auto late = detect({clip, "--start", "100"});
    CHECK(late.exit_code == 1);
    CHECK(is_one_clear_line(late));
}

TEST_CASE("A command line that is refused leaves no folder for results") {
    const TemporaryFolder folder;
    test::write_clip(folder / "a.avi", 1, two_faces);
    test::write_clip(folder / "b.avi", 1, two_faces);
    write_file(folder / "typo.yaml", "haar:\n  min_neighbours: 5\n");
    const std::vector<std::vector<std::string>> mistakes{
        {"--jobs", "2", "--summary", folder / "all.txt"},
        {"--jobs", "2", "--max-frames", "5"},
        {"--config", folder / "typo.yaml"},
        {"--fps", "10"},
        {"--on", "sleepy:1", "true"},
        {"--neutral", "0-3", "--model", EMOTION_SOURCE_DIR "/models/logistic.yaml"},
    };
    for (const auto& mistake : mistakes) {
        INFO(json(mistake).dump());
        std::vector<std::string> arguments{folder / "a.avi", folder / "b.avi", "--output", folder / "out/"};
        arguments.insert(arguments.end(), mistake.begin(), mistake.end());
        const auto result = detect(arguments);
        CHECK(result.exit_code == 2);
        CHECK(is_one_clear_line(result));
        CHECK_FALSE(std::filesystem::exists(folder / "out"));
    }
    const auto shared = detect(
        {folder / "a.avi", folder / "b.avi", "--csv", folder / "out/", "--stats", folder / "out/stats.json"});
    CHECK(shared.exit_code == 0);
    CHECK(files_under(folder / "out") == std::vector<std::string>{"a.csv", "b.csv", "stats.json"});
}

TEST_CASE("Sources that differ only by extension each have their outputs") {
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder / "in/other");
    test::write_image(folder / "in/IMG_1.JPG", test::picture_of("happy-1"));
    test::write_clip(folder / "in/IMG_1.avi", 3, two_faces);
    test::write_clip(folder / "in/IMG_2.avi", 3, two_faces);
    test::write_clip(folder / "in/other/IMG_1.avi", 3, two_faces);
    for (const std::string jobs : {"1", "2"}) {
        INFO("--jobs " << jobs);
        std::filesystem::remove_all(folder / "out");
        const std::vector<std::string> arguments{folder / "in", "--jobs",        jobs,      "--skip-done",
                                                 "--output",    folder / "out/", "--jsonl", folder / "out/",
                                                 "--summary",   folder / "out/"};
        const auto result = detect(arguments);
        INFO(result.err);
        CHECK(result.exit_code == 0);
        CHECK(files_under(folder / "out") ==
              std::vector<std::string>{"IMG_1.JPG", "IMG_1.JPG.jsonl", "IMG_1.JPG.summary.json",
                                       "IMG_1.avi.jsonl", "IMG_1.avi.mp4", "IMG_1.avi.summary.json",
                                       "IMG_2.jsonl", "IMG_2.mp4", "IMG_2.summary.json", "other/IMG_1.jsonl",
                                       "other/IMG_1.mp4", "other/IMG_1.summary.json"});
        CHECK(json_lines(read_file(folder / "out/IMG_1.JPG.jsonl")).size() == 1);
        CHECK(json_lines(read_file(folder / "out/IMG_1.avi.jsonl")).size() == 3);
        CHECK_THAT(detect(arguments).err, ContainsSubstring("skipped 4 of 4 sources"));
    }
}

TEST_CASE("Numbered pictures are a recording at the requested rate") {
    const TemporaryFolder folder;
    for (int number = 8; number < 14; ++number)
        test::write_image(
            folder / (std::string("f") + (number < 10 ? "0" : "") + std::to_string(number) + ".png"),
            test::picture_of("happy-1"));
    const auto pattern = folder / "f%02d.png";
    for (const auto& [fps, last_s] :
         std::vector<std::pair<std::string, double>>{{"10", 0.5}, {"2", 2.5}, {"", 0.2}}) {
        INFO("--fps " << fps);
        std::vector<std::string> arguments{pattern, "--jsonl", folder / "out/", "--output", folder / "out/"};
        if (!fps.empty()) arguments.insert(arguments.end(), {"--fps", fps});
        const auto result = detect(arguments);
        INFO(result.err);
        REQUIRE(result.exit_code == 0);
        CHECK(result.err.empty());
        const auto lines = json_lines(read_file(folder / "out/f%02d.jsonl"));
        REQUIRE(lines.size() == 6);
        CHECK(lines[5].at("time_s").get<double>() == Approx(last_s));
        CHECK(lines[5].at("faces").at(0).at("track") == lines[0].at("faces").at(0).at("track"));
        CHECK(frames_in(folder / "out/f%02d.mp4") == 6);
    }
    const auto before = read_file(folder / "f09.png");
    const auto refused = detect({pattern, "--csv", folder / "f09.png"});
    CHECK(refused.exit_code == 2);
    CHECK_THAT(refused.err, ContainsSubstring("is a picture of a source"));
    CHECK(read_file(folder / "f09.png") == before);
    CHECK_THAT(detect({folder / "g%02d.png"}).err, ContainsSubstring("no such file"));
}

TEST_CASE("A recording without times says which rate is assumed, and --fps sets another") {
    if (!test::have_program("ffmpeg")) SKIP_TEST("ffmpeg is not installed");
    const TemporaryFolder folder;
    const std::string raw = folder / "raw.mjpeg", clip = folder / "clip.avi";
    test::ffmpeg({"-f", "lavfi", "-i", "testsrc=size=64x48:rate=10:duration=2", "-q:v", "3", raw});
    test::write_clip(clip, 20, two_faces);
    const auto check_rate = [&](const std::filesystem::path& out, double fps) {
        const auto lines = json_lines(read_file(out / "raw.jsonl"));
        REQUIRE(lines.size() == 20);
        CHECK(lines[19].at("time_s").get<double>() == Approx(19.0 / fps));
        CHECK(media::open_source((out / "raw.mp4").string())->info().fps == Approx(fps));
        CHECK(frames_in(out / "raw.mp4") == 20);
    };
    const auto outputs_in = [&](const std::string& name) {
        return std::vector<std::string>{"--jsonl", folder / (name + "/"), "--output", folder / (name + "/")};
    };
    const auto run = [&](std::vector<std::string> arguments, const std::string& name) {
        const auto outputs = outputs_in(name);
        arguments.insert(arguments.end(), outputs.begin(), outputs.end());
        auto result = detect(arguments);
        INFO(result.err);
        CHECK(result.exit_code == 0);
        return result;
    };
    const auto assumed = run({raw}, "assumed");
    CHECK(is_one_clear_line(assumed));
    CHECK_THAT(assumed.err, ContainsSubstring("raw.mjpeg: stores no times; 25 frames per second are assumed, "
                                              "--fps N sets another rate"));
    check_rate(folder / "assumed", 25.0);
    CHECK(run({raw, "--fps", "5"}, "slow").err.empty());
    check_rate(folder / "slow", 5.0);
    for (const std::string jobs : {"1", "2"}) {  // a recording with times keeps them
        INFO("--jobs " << jobs);
        const auto mixed = run({raw, clip, "--fps", "5", "--jobs", jobs}, "mixed" + jobs);
        CHECK(mixed.err.empty());
        check_rate(folder / ("mixed" + jobs), 5.0);
        const auto lines = json_lines(read_file(folder / ("mixed" + jobs + "/clip.jsonl")));
        CHECK(lines.at(19).at("time_s").get<double>() == Approx(19 / 25.0));
    }
    const auto refused = detect({clip, "--fps", "5"});
    CHECK(refused.exit_code == 2);
    CHECK(is_one_clear_line(refused));
    CHECK_THAT(refused.err, ContainsSubstring("--fps: is only for recordings that store no times"));
}

TEST_CASE("A picture in a folder that is in a format that cannot be written is labeled as .png") {
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder / "in");
    cv::Mat gray;
    cv::cvtColor(test::picture_of("happy-1"), gray, cv::COLOR_BGR2GRAY);
    test::write_image(folder / "in/a.pgm", gray);
    test::write_image(folder / "in/b.jpg", test::picture_of("happy-1"));
    for (const char* copy : {"c.jfif", "d", "e.svg"})
        std::filesystem::copy_file(folder / "in/b.jpg", folder / "in" / copy);
    const auto result = detect({folder / "in", "--output", folder / "out", "--csv", folder / "out/"});
    INFO(result.err);
    CHECK(result.exit_code == 0);
    CHECK(files_under(folder / "out") == std::vector<std::string>{"a.csv", "a.pgm.png", "b.csv", "b.jpg",
                                                                  "c.csv", "c.jfif.png", "d.csv", "d.png",
                                                                  "e.csv", "e.svg.png"});
    CHECK_THAT(detect({folder / "in", "--output", folder / "out", "--skip-done"}).err,
               ContainsSubstring("skipped 5 of 5 sources"));
}

TEST_CASE("What cannot be read in a folder fails, and the rest is labeled") {
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder / "in/disk");
    test::write_image(folder / "in/a.png", test::picture_of("happy-1"));
    std::filesystem::create_symlink("/nowhere/b.mp4", folder / "in/disk/b.mp4");
    std::filesystem::create_symlink("/nowhere/notes.txt", folder / "in/notes.txt");
    const auto result = detect({folder / "in", "--csv", folder / "out.csv"});
    CHECK(result.exit_code == 1);
    CHECK_THAT(result.err, ContainsSubstring("in/disk/b.mp4: no such file"));
    CHECK_THAT(result.err, ContainsSubstring("left out what is neither picture nor video: notes.txt"));
    CHECK(lines_of(read_file(folder / "out.csv")).size() == 2);
}

TEST_CASE("A table in the name of a folder of other results is refused") {
    const TemporaryFolder folder;
    for (const std::string name : {"a", "b"}) test::write_clip(folder / (name + ".avi"), 2, two_faces);
    const auto refused =
        detect({folder / "a.avi", folder / "b.avi", "--output", folder / "out", "--csv", folder / "out"});
    CHECK(refused.exit_code == 2);
    CHECK(is_one_clear_line(refused));
    CHECK_THAT(refused.err, ContainsSubstring("out: is the folder of another output, end its name with /"));
    CHECK_FALSE(std::filesystem::exists(folder / "out"));
}

TEST_CASE("Names that are no UTF-8 are in valid tables and timelines") {
    const TemporaryFolder folder;
    const auto clip = folder / "l\xe9.avi";
    test::write_clip(clip, 3, two_faces);
    REQUIRE(detect({clip, "--csv", folder / "t.csv", "--timeline", folder / "t.svg"}).exit_code == 0);
    for (const char* file : {"t.csv", "t.svg"}) {
        const auto text = read_file(folder / file);
        CHECK(text == valid_utf8(text));
        CHECK_THAT(text, ContainsSubstring("l\xef\xbf\xbd.avi"));
    }
}

TEST_CASE("Other files in a folder are counted and damaged ones fail") {
    const TemporaryFolder folder;
    std::filesystem::create_directories(folder / "in/__MACOSX");
    std::filesystem::create_directories(folder / "in/@eaDir/a.png");
    test::write_image(folder / "in/a.png", test::picture_of("happy-1"));
    test::write_image(folder / "in/@eaDir/a.png/thumb.png", test::picture_of("happy-1"));
    for (const char* other : {"notes.txt", "b.xmp", "a.xmp"}) write_file(folder / "in" / other, "some words");
    // What systems leave there is passed over without a word.
    for (const char* clutter : {"Thumbs.db", "desktop.ini", ".DS_Store", "._a.png", "__MACOSX/._a.png"})
        write_file(folder / "in" / clutter, "some words");
    const auto counted = detect({folder / "in", "--csv", folder / "out.csv"});
    CHECK(counted.exit_code == 0);
    CHECK(is_one_clear_line(counted));
    CHECK_THAT(counted.err, ContainsSubstring("left out what is neither picture nor video: ") &&
                                ContainsSubstring(" and 2 more"));
    for (const char* damaged : {"in/b.png", "in/c.mkv", "in/d.heic"}) {
        INFO(damaged);
        write_file(folder / damaged, "some words");
        const auto result = detect({folder / "in", "--csv", folder / "out.csv"});
        CHECK(result.exit_code == 1);
        CHECK_THAT(result.err, ContainsSubstring(damaged));
        CHECK(lines_of(read_file(folder / "out.csv")).size() == 2);  // of the intact one
        std::filesystem::remove(folder / damaged);
    }
}

}  // namespace recorded_test
