#include <cstdint>
#include <fstream>

#include <nlohmann/json.hpp>

#include "base/files.hpp"
#include "cli/clips.hpp"
#include "cli/detector.hpp"
#include "media/image_files.hpp"
#include "support/exif.hpp"
#include "support/temporary_folder.hpp"

namespace detector_junk_test {

using namespace emotion;
using nlohmann::json;
using test::TemporaryFolder;

namespace {

struct Outcome {
    test::ProgramResult result;
    std::vector<json> lines;
};

/// Runs the detector on one source, which must either fail with one clear line or succeed, with at most one
/// line for each problem found.
Outcome detect(const std::filesystem::path& source, const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{source, "--jsonl", "-"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    Outcome outcome{test::detect(arguments), {}};
    outcome.lines = test::json_lines(outcome.result.out);

    const auto& [exit_code, _, err] = outcome.result;
    INFO("exit code " << exit_code << ", stderr: " << err);
    CHECK((exit_code == 0 || exit_code == 1));
    const auto lines = test::lines_of(err);
    CHECK((exit_code == 1 ? lines.size() == 1 : lines.size() <= 2));
    for (const auto& line : lines) CHECK(line.rfind("emotion-detector: ", 0) == 0);
    return outcome;
}

void check_one_happy_face(const Outcome& outcome) {
    REQUIRE(outcome.result.exit_code == 0);
    REQUIRE(outcome.lines.size() == 1);
    REQUIRE(outcome.lines[0].at("faces").size() == 1);
    CHECK(outcome.lines[0].at("faces")[0].at("label") == "happy");
}

void check_refused(const Outcome& outcome, const std::string& name) {
    CHECK(outcome.result.exit_code == 1);
    CHECK(outcome.lines.empty());
    CHECK_THAT(outcome.result.err, ContainsSubstring(name));
}

}  // namespace

TEST_CASE("Pictures of every depth and number of channels are labeled alike") {
    const TemporaryFolder folder;
    const cv::Mat color = test::picture_of("happy-1");
    cv::Mat gray, deep, alpha;
    cv::extractChannel(color, gray, 1);
    color.convertTo(deep, CV_16U, 257.0);
    std::vector<cv::Mat> planes;
    cv::split(color, planes);
    planes.emplace_back(color.size(), CV_8UC1, cv::Scalar(255));
    cv::merge(planes, alpha);
    for (const auto& [name, picture] :
         {std::pair("color.png", color), std::pair("gray.png", gray), std::pair("deep.png", deep),
          std::pair("deep.tiff", deep), std::pair("alpha.png", alpha), std::pair("lossy.jpg", color)}) {
        INFO(name);
        test::write_image(folder / name, picture);
        check_one_happy_face(detect(folder / name, {"--output", folder / "out.png"}));
        CHECK(test::read_image(folder / "out.png").size() == color.size());
    }
}

TEST_CASE("A picture of one pixel has no face but gives a result and a copy") {
    const TemporaryFolder folder;
    test::write_image(folder / "pixel.png", cv::Mat(1, 1, CV_8UC3, cv::Scalar(1, 2, 3)));
    const auto outcome = detect(folder / "pixel.png", {"--output", folder / "out.png"});
    CHECK(outcome.result.exit_code == 0);
    REQUIRE(outcome.lines.size() == 1);
    CHECK(outcome.lines[0].at("faces").empty());
    CHECK(test::read_image(folder / "out.png").size() == cv::Size(1, 1));
}

TEST_CASE("A face in a very large picture is detected") {
    const TemporaryFolder folder;
    cv::Mat picture = test::background({12'000, 9'000});
    cv::Mat face;
    cv::resize(test::average_face("happy-1"), face, {2'400, 2'400});
    face.copyTo(picture(cv::Rect(6'000, 3'000, 2'400, 2'400)));
    test::write_image(folder / "large.jpg", picture);
    const auto outcome = detect(folder / "large.jpg");
    check_one_happy_face(outcome);
    CHECK(outcome.lines[0]["faces"][0]["box"][0].get<double>() > 6'000.0);
}

TEST_CASE("A picture with an EXIF orientation is analyzed and copied upright") {
    const TemporaryFolder folder;
    cv::Mat turned;
    cv::rotate(test::picture_of("happy-1"), turned, cv::ROTATE_90_COUNTERCLOCKWISE);
    test::write_image(folder / "turned.jpg", turned);
    check_one_happy_face([&] {
        write_file(folder / "upright.jpg", test::with_orientation(read_file(folder / "turned.jpg"), 6));
        return detect(folder / "upright.jpg", {"--output", folder / "out.png"});
    }());
    CHECK(test::read_image(folder / "out.png").size() == cv::Size(640, 480));
}

TEST_CASE("Names in any script and with spaces and quotes are read and written") {
    const TemporaryFolder folder;
    const std::string name = "Zo\xc3\xab \xe7\xac\x91\xe9\xa1\x94 'n \"q\".png";
    test::write_image(folder / name, test::picture_of("happy-1"));
    const auto outcome = detect(folder / name, {"--output", folder / "out dir/"});
    check_one_happy_face(outcome);
    CHECK(outcome.lines[0].at("source") == (folder / name).string());
    CHECK(std::filesystem::exists(folder / "out dir" / name));
}

TEST_CASE("Files that are neither pictures nor videos are rejected by name whatever their extension") {
    const TemporaryFolder folder;
    for (const auto* name : {"empty.mp4", "empty.png", "empty"}) {
        INFO(name);
        write_file(folder / name, "");
        check_refused(detect(folder / name), name);
    }
    for (const auto* name : {"text.mp4", "text.avi", "text.jpg", "text.txt"}) {
        INFO(name);
        write_file(folder / name, "Dear reader, this was never a video.\n");
        check_refused(detect(folder / name), name);
    }
    std::filesystem::create_directory(folder / "nothing.mp4");
    check_refused(detect(folder / "nothing.mp4"), "nothing.mp4");
}

TEST_CASE("A truncated picture is rejected or read and never crashes") {
    const TemporaryFolder folder;
    for (const auto* name : {"cut.png", "cut.jpg", "cut.bmp", "cut.webp", "cut.tiff"}) {
        INFO(name);
        test::write_image(folder / name, test::picture_of("happy-1"));
        const auto whole = read_file(folder / name);
        for (const auto share : {0.01, 0.5, 0.99}) {
            write_file(folder / name,
                       whole.substr(0, static_cast<std::size_t>(share * static_cast<double>(whole.size()))));
            detect(folder / name);
        }
    }
}

TEST_CASE("The readable frames of a truncated video are labeled") {
    const TemporaryFolder folder;
    test::write_clip(folder / "whole.avi", 40, [](int frame) {
        return test::picture_of("happy-1", {frame, 20}, test::background({320, 280}));
    });
    REQUIRE(detect(folder / "whole.avi", {"--output", folder / "whole.mp4"}).lines.size() == 40);
    for (const auto* name : {"whole.avi", "whole.mp4"}) {
        INFO(name);
        const auto whole = read_file(folder / name);
        for (const auto share : {0.02, 0.5, 0.95}) {
            const auto cut = folder / (std::string("cut-") + name);
            write_file(cut,
                       whole.substr(0, static_cast<std::size_t>(share * static_cast<double>(whole.size()))));
            const auto outcome = detect(cut, {"--output", folder / "out.mp4"});
            CHECK(outcome.lines.size() < 40);
            CHECK(std::filesystem::remove(folder / "out.mp4") == !outcome.lines.empty());
        }
    }
}

TEST_CASE("Broken pictures in a folder are reported one by one and the rest is labeled") {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder / "in");
    test::write_image(folder / "in/1.png", test::picture_of("happy-1"));
    write_file(folder / "in/2.png", "junk");
    test::write_image(folder / "in/3.png", test::picture_of("happy-2"));
    const auto outcome = detect(folder / "in");
    CHECK(outcome.result.exit_code == 1);
    CHECK_THAT(outcome.result.err, ContainsSubstring("2.png"));
    CHECK(outcome.lines.size() == 2);
}

}  // namespace detector_junk_test
