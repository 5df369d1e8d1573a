#include "emotion_detector/detector.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <iostream>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include <opencv2/imgcodecs.hpp>
#include <unistd.h>

#include "base/files.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace detector_test {

using emotion::Detector;
using emotion::test::TemporaryFolder;

namespace {

const std::filesystem::path kModels = EMOTION_SOURCE_DIR "/models";

cv::Mat face(const std::string& name, int flags = cv::IMREAD_COLOR) {
    return cv::imread(EMOTION_SOURCE_DIR "/assets/faces/" + name + ".png", flags);
}

}  // namespace

TEST_CASE("a smiling face in a picture is labeled happy") {
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

TEST_CASE("a gray picture gives the same result in BGR") {
    Detector detector;
    const auto gray = detector.analyse(face("happy-2", cv::IMREAD_GRAYSCALE));
    const auto color = detector.analyse(face("happy-2"));
    REQUIRE(gray.size() == 1);
    CHECK(gray[0].probabilities == color.at(0).probabilities);
}

TEST_CASE("single pictures are analyzed independently") {
    Detector detector;
    const auto first = detector.analyse(face("neutral-1"));
    detector.analyse(face("happy-1"));
    CHECK(detector.analyse(face("neutral-1")).at(0).probabilities == first.at(0).probabilities);
}

TEST_CASE("a face keeps its id through a video until it starts over") {
    Detector detector;
    detector.follow(face("happy-1"), 0.0);
    for (const double time_s : {1.0, 2.0, 3.0})
        CHECK(detector.follow(cv::Mat::zeros(240, 240, CV_8UC3), time_s).empty());
    for (int frame = 0; frame < 5; ++frame) {
        const auto faces = detector.follow(face("happy-1"), 4.0 + frame / 25.0);
        REQUIRE(faces.size() == 1);
        CHECK(faces[0].track == 2);  // the first one was lost for too long
    }
    detector.start_over();
    CHECK(detector.follow(face("happy-1"), 0.0).at(0).track == 1);
}

TEST_CASE("a video after starting over gives the results of a new detector") {
    Detector detector, another;
    for (int frame = 0; frame < 5; ++frame) detector.follow(face("neutral-1"), frame / 25.0);
    detector.start_over();
    for (int frame = 0; frame < 3; ++frame) {
        const auto faces = detector.follow(face("happy-1"), frame / 25.0);
        const auto expected = another.follow(face("happy-1"), frame / 25.0);
        REQUIRE(faces.size() == 1);
        CHECK(faces[0].track == expected.at(0).track);
        CHECK(faces[0].probabilities == expected[0].probabilities);
    }
}

TEST_CASE("a face whose look at rest was learned is labelled by how it differs from that") {
    Detector detector;
    detector.learn_neutral(0.5);  // before the first frame, whose time may be any
    double time_s = 100.0;
    const auto next = [&] { return detector.follow(face("happy-1"), time_s += 0.04).at(0); };
    auto seen = next();
    const auto before = seen.probabilities;
    for (int i = 0; i < 12; ++i) CHECK_FALSE((seen = next()).neutral);
    CHECK(next().neutral);
    for (int i = 0; i < 25; ++i) seen = next();
    CHECK(seen.probabilities[0] < before[0]);
    detector.forget_neutral();
    CHECK_FALSE(next().neutral);
    CHECK_THROWS_AS(detector.learn_neutral(0.0), std::invalid_argument);
    CHECK_THROWS_WITH(Detector(kModels / "logistic.yaml").learn_neutral(),
                      ContainsSubstring("the model logistic cannot learn how a face looks at rest"));
}

TEST_CASE("a custom card and custom settings replace the defaults") {
    const TemporaryFolder folder;
    emotion::write_file(folder / "large.yaml", "haar:\n  min_face_px: 500\n");
    Detector detector(kModels / "logistic.yaml", folder / "large.yaml");
    CHECK(detector.classes() == std::vector<std::string>{"happy", "fear"});
    CHECK(Detector().classes().size() > 2);
    CHECK(detector.analyse(face("happy-1")).empty());
    CHECK(Detector(kModels / "logistic.yaml").analyse(face("happy-1")).at(0).probabilities.size() == 2);

    emotion::write_file(folder / "typo.yaml", "haar:\n  min_face: 5\n");
    CHECK_THROWS_WITH(Detector({}, folder / "typo.yaml"),
                      ContainsSubstring("typo.yaml") && ContainsSubstring("min_face_px"));
}

TEST_CASE("the data folder named by the environment has precedence") {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder / "models");
    std::filesystem::copy(kModels / "logistic.onnx", folder / "models");
    std::filesystem::copy(kModels / "logistic.yaml", folder / "models/happy-fear.yaml");
    ::setenv("EMOTION_DETECTOR_DATA", folder.path().c_str(), 1);
    const auto classes = Detector().classes();  // the settings come from the default location
    ::unsetenv("EMOTION_DETECTOR_DATA");
    CHECK(classes == std::vector<std::string>{"happy", "fear"});
}

TEST_CASE("detectors in separate threads give the results of a single one") {
    const std::vector<std::string> names{"happy-1", "neutral-1", "fear-1"};
    std::vector<std::vector<float>> alone(names.size()), together(names.size());
    const auto watch = [&](std::size_t i) {
        Detector detector;
        std::vector<float> last;
        for (int frame = 0; frame < 5; ++frame)
            last = detector.follow(face(names[i]), frame / 25.0).at(0).probabilities;
        return last;
    };
    for (std::size_t i = 0; i < names.size(); ++i) alone[i] = watch(i);
    std::vector<std::future<std::vector<float>>> threads;
    for (std::size_t i = 0; i < names.size(); ++i)
        threads.push_back(std::async(std::launch::async, watch, i));
    for (std::size_t i = 0; i < names.size(); ++i) together[i] = threads[i].get();
    CHECK(together == alone);
}

TEST_CASE("a face detected by other means is scored at its box") {
    Detector detector;
    const auto picture = face("happy-1");
    const auto found = detector.analyse(picture).at(0);
    const auto probabilities = detector.score(picture, found.box);
    CHECK(probabilities == found.probabilities);
    CHECK(std::accumulate(probabilities.begin(), probabilities.end(), 0.0f) == Approx(1.0f));
}

TEST_CASE("the library does not change the stderr of the program") {
    CHECK(::fileno(stderr) == STDERR_FILENO);  // nor was it replaced when loading the library
    auto* const by_c = stderr;
    auto* const by_cpp = std::cerr.rdbuf();
    Detector().analyse(face("happy-1"));
    CHECK(stderr == by_c);
    CHECK(std::cerr.rdbuf() == by_cpp);
}

TEST_CASE("incorrect use of the library throws with a clear message") {
    Detector detector;
    CHECK_THROWS_AS(detector.analyse(cv::Mat()), std::invalid_argument);
    CHECK_THROWS_AS(detector.analyse(cv::Mat::zeros(50, 50, CV_32F)), std::invalid_argument);
    detector.follow(cv::Mat::zeros(50, 50, CV_8UC3), 1.0);
    CHECK_THROWS_AS(detector.follow(cv::Mat::zeros(50, 50, CV_8UC3), 0.5), std::invalid_argument);
    CHECK_THROWS_AS(Detector("no-such-card.yaml"), std::runtime_error);
}

TEST_CASE("a picture of the wrong type is described in the error") {
    Detector detector;
    const std::string expected = "emotion::Detector: expected a picture of type CV_8UC3 or CV_8UC1, got ";
    CHECK_THROWS_WITH(detector.analyse(cv::Mat()), expected + "an empty picture");
    CHECK_THROWS_WITH(detector.analyse(cv::Mat::zeros(40, 50, CV_32FC3)), expected + "CV_32FC3 of 50x40");
    const int sides[] = {3, 100, 100};  // the layout of Python programs and networks
    const cv::Mat planes(3, sides, CV_8UC1, cv::Scalar(0));
    CHECK_THROWS_WITH(detector.analyse(planes), expected + "an array of 3 dimensions");
    CHECK_THROWS_AS(detector.follow(planes, 0.0), std::invalid_argument);
    CHECK_THROWS_AS(detector.score(planes, {10, 10, 50, 50}), std::invalid_argument);
}

}  // namespace detector_test
