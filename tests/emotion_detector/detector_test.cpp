#include "emotion_detector/detector.hpp"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include <opencv2/imgcodecs.hpp>

#include "support/catch.hpp"

using emotion::Detector;

namespace {

cv::Mat face(const std::string& name, int flags = cv::IMREAD_COLOR) {
    return cv::imread(EMOTION_SOURCE_DIR "/assets/faces/" + name + ".png", flags);
}

}  // namespace

TEST_CASE("a smiling face in a picture is labelled happy") {
    Detector detector;
    const auto faces = detector.analyse(face("happy-1"));
    REQUIRE(faces.size() == 1);
    CHECK(faces[0].label == "happy");
    CHECK(faces[0].probabilities.size() == detector.classes().size());
    CHECK(faces[0].confidence ==
          *std::max_element(faces[0].probabilities.begin(), faces[0].probabilities.end()));
    CHECK(cv::Rect2f(0, 0, 240, 240).contains(faces[0].box.tl()));
    CHECK(cv::Rect2f(0, 0, 241, 241).contains(faces[0].box.br()));
}

TEST_CASE("a grey picture is seen as the same picture in colour") {
    Detector detector;
    const auto grey = detector.analyse(face("happy-2", cv::IMREAD_GRAYSCALE));
    const auto color = detector.analyse(face("happy-2"));
    REQUIRE(grey.size() == 1);
    CHECK(grey[0].probabilities == color.at(0).probabilities);
}

TEST_CASE("pictures analysed one after another do not remember each other") {
    Detector detector;
    const auto first = detector.analyse(face("neutral-1"));
    detector.analyse(face("happy-1"));
    CHECK(detector.analyse(face("neutral-1")).at(0).probabilities == first.at(0).probabilities);
}

TEST_CASE("a face keeps its number through a video until it starts over") {
    Detector detector;
    int track = 0;
    for (int frame = 0; frame < 5; ++frame) {
        const auto faces = detector.follow(face("happy-1"), frame / 25.0);
        REQUIRE(faces.size() == 1);
        if (frame > 0) CHECK(faces[0].track == track);
        track = faces[0].track;
    }
    detector.start_over();
    CHECK(detector.follow(face("happy-1"), 0.0).size() == 1);
}

TEST_CASE("a face found by other means is scored where it is said to be") {
    Detector detector;
    const auto picture = face("happy-1");
    const auto found = detector.analyse(picture).at(0);
    const auto probabilities = detector.score(picture, found.box);
    CHECK(probabilities == found.probabilities);
    CHECK(std::accumulate(probabilities.begin(), probabilities.end(), 0.0f) == Approx(1.0f));
}

TEST_CASE("the library names the mistakes of its callers") {
    Detector detector;
    CHECK_THROWS_AS(detector.analyse(cv::Mat()), std::invalid_argument);
    CHECK_THROWS_AS(detector.analyse(cv::Mat::zeros(50, 50, CV_32F)), std::invalid_argument);
    detector.follow(cv::Mat::zeros(50, 50, CV_8UC3), 1.0);
    CHECK_THROWS_AS(detector.follow(cv::Mat::zeros(50, 50, CV_8UC3), 0.5), std::invalid_argument);
    CHECK_THROWS_AS(Detector("no-such-card.yaml"), std::runtime_error);
}
