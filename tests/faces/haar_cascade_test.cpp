#include "faces/haar_cascade.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>

#include "media/pictures/picture.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace haar_cascade_test {

using namespace emotion;
using namespace emotion::faces;

namespace {

/// Faces of several sizes, one of them in the dark, on a ground with much detail.
cv::Mat scene() {
    cv::Mat gray(300, 421, CV_8UC1);
    cv::RNG random(3);
    cv::Mat coarse(30, 42, CV_8UC1);
    random.fill(coarse, cv::RNG::UNIFORM, 0, 256);
    cv::resize(coarse, gray, gray.size(), 0, 0, cv::INTER_CUBIC);
    const auto face = media::to_gray(media::read_picture(EMOTION_SOURCE_DIR "/assets/faces/happy-1.png"));
    int x = 8;
    for (const int side : {150, 90, 60, 41}) {
        cv::Mat small;
        cv::resize(face, small, {side, side}, 0, 0, cv::INTER_AREA);
        if (side == 90) small *= 0.3;
        small.copyTo(gray({x, 20 + side / 2, side, side}));
        x += side + 15;
    }
    return gray;
}

std::vector<std::vector<int>> numbers(const std::vector<cv::Rect>& boxes,
                                      const std::vector<int>& detections = {}) {
    std::vector<std::vector<int>> all;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
        all.push_back({boxes[i].x, boxes[i].y, boxes[i].width, boxes[i].height});
        if (!detections.empty()) all.back().push_back(detections[i]);
    }
    std::sort(all.begin(), all.end());
    return all;
}

std::vector<std::vector<int>> numbers(const std::vector<HaarCascade::Face>& faces) {
    std::vector<cv::Rect> boxes;
    std::vector<int> detections;
    for (const auto& face : faces) {
        boxes.push_back(face.box);
        detections.push_back(face.detections);
    }
    return numbers(boxes, detections);
}

std::string text_of(const std::filesystem::path& file) {
    std::stringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("Finds of the window's size are those of OpenCV, in pictures of any size") {
    HaarCascade cascade({});
    cv::CascadeClassifier opencv(default_cascade().string());
    const cv::Mat gray = scene();
    const cv::Size window(24, 24);
    std::size_t found = 0;
    for (const double scale : {1.0, 0.73, 0.57, 0.42, 0.3, 0.21, 0.163}) {
        cv::Mat picture;
        cv::resize(gray, picture, {}, scale, scale, cv::INTER_AREA);
        std::vector<cv::Rect> expected;
        opencv.detectMultiScale(picture, expected, 1.1, 0, 0, window, window);
        CAPTURE(scale);
        CHECK(numbers(cascade.find_of_window_size(picture)) == numbers(expected));
        found += expected.size();
    }
    CHECK(found > 20);
    const auto face = media::to_gray(media::read_picture(EMOTION_SOURCE_DIR "/assets/faces/happy-1.png"));
    for (int side = 20; side < 60; ++side) {
        cv::Mat picture;
        cv::resize(face, picture, {side, side + side % 3}, 0, 0, cv::INTER_AREA);
        std::vector<cv::Rect> expected;
        opencv.detectMultiScale(picture, expected, 1.1, 0, 0, window, window);
        CAPTURE(side);
        CHECK(numbers(cascade.find_of_window_size(picture)) == numbers(expected));
    }
}

TEST_CASE("Faces of all sizes and how often each is found are those of OpenCV") {
    HaarCascade cascade({});
    cv::CascadeClassifier opencv(default_cascade().string());
    const cv::Mat gray = scene();
    const std::vector<HaarCascade::Search> searches{{},
                                                    {1.1, 2, 30, 0},
                                                    {1.3, 0, 0, 0},
                                                    {1.05, 3, 40, 120},
                                                    {1.1, 0, 70, 70},
                                                    {1.5, 0, 61, 62},
                                                    {1.1, 5, 1000, 0}};
    for (const auto& search : searches) {
        std::vector<cv::Rect> boxes;
        std::vector<int> detections;
        opencv.detectMultiScale(gray, boxes, detections, search.scale_factor, search.min_neighbors, 0,
                                {search.smallest_px, search.smallest_px},
                                {search.largest_px, search.largest_px});
        CAPTURE(search.scale_factor, search.min_neighbors, search.smallest_px, search.largest_px);
        CHECK(numbers(cascade.find(gray, search)) == numbers(boxes, detections));
    }
    CHECK(cascade.find(gray, {}).size() >= 3);
}

TEST_CASE("A cascade that is not evaluated here is evaluated by OpenCV") {
    const emotion::test::TemporaryFolder folder;
    auto text = text_of(default_cascade());
    const std::string weight = " -1.</_>";
    const auto at = text.find(weight);
    REQUIRE(at != std::string::npos);
    text.replace(at, weight.size(), " -1.25</_>");  // no whole number
    std::ofstream(folder.path() / "changed.xml") << text;
    HaarCascade cascade(folder.path() / "changed.xml");
    cv::CascadeClassifier opencv((folder.path() / "changed.xml").string());
    CHECK(cascade.window_px() == 24);
    const cv::Mat gray = scene();
    std::vector<cv::Rect> boxes;
    std::vector<int> detections;
    opencv.detectMultiScale(gray, boxes, detections, 1.1, 2);
    CHECK(numbers(cascade.find(gray, {1.1, 2, 0, 0})) == numbers(boxes, detections));
    CHECK_FALSE(boxes.empty());
}

}  // namespace haar_cascade_test
