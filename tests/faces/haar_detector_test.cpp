#include "faces/haar_detector.hpp"

#include <cstdlib>
#include <filesystem>
#include <regex>
#include <string>

#include <opencv2/imgproc.hpp>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/program_files.hpp"
#include "media/pictures/picture.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace haar_detector_test {

namespace faces = emotion::faces;
using emotion::faces::add_detection;
using emotion::faces::Detection;
using emotion::faces::FaceBox;
using emotion::faces::HaarOptions;
using emotion::faces::make_haar_detector;

namespace {

cv::Mat average_face(const std::string& name) {
    return emotion::media::to_gray(
        emotion::media::read_picture(EMOTION_SOURCE_DIR "/assets/faces/" + name + ".png"));
}

/// A plain gray frame with the face on it.
cv::Mat frame_with(const cv::Mat& face, cv::Rect place, cv::Size size = {640, 480}) {
    cv::Mat frame(size, CV_8UC1, cv::Scalar(120));
    cv::resize(face, frame(place), place.size(), 0, 0, cv::INTER_AREA);
    return frame;
}

bool inside(const FaceBox& face, const cv::Rect& place) {
    return (cv::Rect2f(place) & face.box_in_frame).area() > 0.95f * face.box_in_frame.area();
}

}  // namespace

TEST_CASE("the cascade detects every average face at its place") {
    const auto detector = make_haar_detector({});
    for (const auto& file : std::filesystem::directory_iterator(EMOTION_SOURCE_DIR "/assets/faces")) {
        INFO(file.path().filename());
        const cv::Rect place(250, 120, 160, 160);
        const auto faces = detector->detect(frame_with(average_face(file.path().stem()), place));
        REQUIRE(faces.size() == 1);
        CHECK(inside(faces[0], place));
        CHECK(faces[0].box_in_frame.width > 80);
    }
}

TEST_CASE("faces come largest first") {
    const cv::Rect small(20, 20, 120, 120), large(300, 100, 300, 300);
    cv::Mat frame = frame_with(average_face("happy-1"), large);
    frame_with(average_face("fear-1"), small)(small).copyTo(frame(small));
    const auto faces = make_haar_detector({})->detect(frame);
    REQUIRE(faces.size() == 2);
    CHECK(inside(faces[0], large));
    CHECK(inside(faces[1], small));
}

TEST_CASE("boxes from a reduced copy are in pixels of the frame") {
    const cv::Rect place(2200, 700, 900, 900);
    const auto faces =
        make_haar_detector({})->detect(frame_with(average_face("happy-2"), place, {3840, 2160}));
    REQUIRE(faces.size() == 1);
    CHECK(inside(faces[0], place));
    CHECK(faces[0].box_in_frame.width > 450);
}

TEST_CASE("of nested detections the larger one is the face, unless the smaller one has far more") {
    const auto detection = [](float x, float side, int detections, bool weak = false) {
        return Detection{{.box_in_frame = {x, x, side, side}, .weak = weak}, detections};
    };
    const auto kept = [](const std::vector<Detection>& added) {
        std::vector<Detection> known;
        for (const auto& one : added) add_detection(one, known);
        std::vector<float> sides;
        for (const auto& one : known) sides.push_back(one.face.box_in_frame.width);
        return sides;
    };
    CHECK(kept({detection(20, 95, 18), detection(0, 300, 17)}) == std::vector<float>{300});  // a lens
    CHECK(kept({detection(0, 300, 18), detection(20, 95, 17)}) == std::vector<float>{300});
    CHECK(kept({detection(20, 95, 18), detection(0, 300, 6)}) == std::vector<float>{300});
    CHECK(kept({detection(20, 95, 19), detection(0, 300, 6)}) ==
          std::vector<float>{95});  // a face in a pattern
    CHECK(kept({detection(20, 95, 18), detection(10, 120, 17)}) == std::vector<float>{95});
    CHECK(kept({detection(20, 95, 3, true), detection(10, 110, 9)}) == std::vector<float>{110});
    CHECK(kept({detection(20, 95, 9), detection(10, 110, 3, true)}) == std::vector<float>{95});
    CHECK(kept({detection(20, 95, 9), detection(400, 300, 7)}) == std::vector<float>{95, 300});
    CHECK(kept({detection(10, 60, 9), detection(90, 60, 8), detection(0, 200, 7)}) ==
          std::vector<float>{200});
}

TEST_CASE("a face turned to a side is a weak detection") {
    HaarOptions options;
    options.min_neighbors = options.weak_neighbors = 40;
    const auto detector = make_haar_detector(options);
    const cv::Rect place(250, 120, 100, 200);
    const auto frame = frame_with(average_face("happy-1"), place);
    CHECK(detector->detect(frame).empty());
    detector->allow_weak(true);
    const auto faces = detector->detect(frame);
    REQUIRE(faces.size() == 1);
    CHECK(faces[0].weak);
    CHECK(faces[0].box_in_frame.width == Approx(faces[0].box_in_frame.height));
    CHECK(place.contains(cv::Point(faces::center(faces[0].box_in_frame))));
}

TEST_CASE("faces below the minimum size are not detected") {
    const cv::Mat frame = frame_with(average_face("happy-1"), {100, 100, 120, 120});
    HaarOptions options;
    options.min_face_px = 60;
    CHECK(make_haar_detector(options)->detect(frame).size() == 1);
    options.min_face_px = 140;
    CHECK(make_haar_detector(options)->detect(frame).empty());
}

TEST_CASE("frames without a face give none at any size") {
    const auto detector = make_haar_detector({});
    for (const cv::Size size : {cv::Size(1, 1), cv::Size(23, 400), cv::Size(10000, 1), cv::Size(640, 480)})
        CHECK(detector->detect(cv::Mat(size, CV_8UC1, cv::Scalar(90))).empty());
}

TEST_CASE("detection does not modify the frame and is deterministic") {
    const cv::Mat frame = frame_with(average_face("neutral-1"), {100, 100, 240, 240}, {1280, 720});
    const cv::Mat before = frame.clone();
    const auto detector = make_haar_detector({});
    const auto first = detector->detect(frame), second = detector->detect(frame);
    REQUIRE(first.size() == 1);
    REQUIRE(second.size() == 1);
    CHECK(first[0].box_in_frame == second[0].box_in_frame);
    CHECK(cv::norm(frame, before, cv::NORM_INF) == 0);
}

TEST_CASE("a color or empty frame is rejected by the detector") {
    const auto detector = make_haar_detector({});
    CHECK_THROWS_AS(detector->detect(cv::Mat(50, 50, CV_8UC3, cv::Scalar::all(0))), std::invalid_argument);
    CHECK_THROWS_AS(detector->detect({}), std::invalid_argument);
}

TEST_CASE("a detector setting out of range is reported with its value and limit") {
    HaarOptions options;
    options.min_neighbors = -3;
    CHECK_THROWS_WITH(emotion::config::checked(options),
                      "haar.min_neighbors = -3, expected a whole number in [0, 100]");
    options = {};
    options.scale_factor = 1.001;  // thousands of sizes
    CHECK_THROWS_WITH(emotion::config::checked(options),
                      "haar.scale_factor = 1.001, expected a number in [1.01, 2]");
    options = {};
    options.max_side_px = 10;
    CHECK_THROWS_WITH(make_haar_detector(options), ContainsSubstring("haar.max_side_px = 10"));
}

TEST_CASE("a cascade that cannot be read is named in the error") {
    const emotion::test::TemporaryFolder folder;
    emotion::write_file(folder / "text.xml", "no cascade");
    emotion::write_file(folder / "other.xml",
                        "<?xml version=\"1.0\"?><opencv_storage><a>1</a></opencv_storage>");
    HaarOptions options;
    for (const auto* name : {"text.xml", "other.xml"}) {
        options.cascade = folder / name;
        CHECK_THROWS_WITH(make_haar_detector(options),
                          ContainsSubstring(std::string(name) + ": is not a cascade"));
    }
    options.cascade = folder / "none.xml";
    CHECK_THROWS_WITH(make_haar_detector(options), ContainsSubstring("none.xml: no such file"));
}

TEST_CASE("any damage to a cascade is detected") {
    const emotion::test::TemporaryFolder folder;
    const auto whole =
        emotion::read_file(emotion::find_program_file("haarcascades/haarcascade_frontalface_default.xml"));
    const auto refuses = [&](const std::string& what, const std::string& to, bool everywhere = false) {
        INFO(what << " as " << to);
        const std::regex pattern(what);
        const auto flags =
            everywhere ? std::regex_constants::format_default : std::regex_constants::format_first_only;
        const auto damaged = std::regex_replace(whole, pattern, to, flags);
        REQUIRE(damaged != whole);
        emotion::write_file(folder / "damaged.xml", damaged);
        HaarOptions options;
        options.cascade = folder / "damaged.xml";
        CHECK_THROWS_WITH(make_haar_detector(options), ContainsSubstring("damaged.xml: is not a cascade"));
    };
    refuses("<featureType>HAAR", "<featureType>LBP");
    refuses("<featureType>HAAR", "<featureType>HOG");
    refuses("<width>24<", "<width>3<");
    refuses("<width>24<", "<width>100000000<");
    const std::string node = "<internalNodes>\\s*0 -1 ";
    refuses(node + "\\d+", "<internalNodes>0 -1 99999999");
    refuses(node + "\\d+", "<internalNodes>0 -1 -5");
    refuses(node, "<internalNodes>7 9 ");
    refuses(node, "<internalNodes>0 -9 ");
    refuses(node, "<internalNodes>0 0 -1 ");
    refuses("<leafValues>[^<]*<", "<leafValues><");
    refuses("<rects>\\s*<_>\\s*\\d+ ", "<rects><_>5000 ");
    refuses("<rects>\\s*<_>\\s*\\d+ ", "<rects><_>-1 ");
    refuses("<rects>", "<rects><_>0 0 1 1 0.</_><_>0 0 1 1 0.</_>");
    refuses("<stageThreshold>[^<]*<", "<stageThreshold>-1e9<", true);
}

TEST_CASE("a cascade of local binary patterns can be used too") {
    HaarOptions options;
    options.cascade = emotion::find_program_file("haarcascades/haarcascade_frontalface_default.xml");
    for (const auto* folder :
         {"/usr/share/opencv4", "/usr/local/share/opencv4", "/opt/homebrew/share/opencv4"})
        if (const auto file = std::filesystem::path(folder) / "lbpcascades/lbpcascade_frontalface.xml";
            std::filesystem::exists(file))
            options.cascade = file;
    if (options.cascade.filename() != "lbpcascade_frontalface.xml")
        SKIP_TEST("OpenCV's other cascades are not here");
    const cv::Rect place(250, 120, 160, 160);
    CHECK(make_haar_detector(options)->detect(frame_with(average_face("happy-1"), place)).size() == 1);
}

}  // namespace haar_detector_test
