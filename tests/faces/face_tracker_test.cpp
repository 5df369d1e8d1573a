#include "faces/face_tracker.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <vector>

#include "base/error.hpp"
#include "base/random.hpp"
#include "faces/face_detector.hpp"
#include "media/frame_source.hpp"
#include "media/pictures/picture.hpp"
#include "support/catch.hpp"

namespace face_tracker_test {

using namespace emotion;
using namespace emotion::faces;

namespace {

constexpr double kFrame = 1.0 / 30;

FaceBox box(double x, double y, double side = 100) {
    return {cv::Rect2f(static_cast<float>(x), static_cast<float>(y), static_cast<float>(side),
                       static_cast<float>(side))};
}

TrackerOptions without_smoothing() {
    TrackerOptions options;
    options.smoothing_s = 0;
    return options;
}

double deviation(const std::vector<double>& values) {
    double sum = 0, squares = 0;
    for (const double value : values) sum += value, squares += value * value;
    const auto count = static_cast<double>(values.size());
    return std::sqrt(std::max(0.0, squares / count - sum / count * sum / count));
}

}  // namespace

TEST_CASE("a moving face keeps its id and ids are unique") {
    FaceTracker tracker({});
    for (int i = 0; i < 60; ++i) {
        // They pass each other at a distance, in alternating order.
        std::vector<FaceBox> found{box(10 * i, 0), box(600 - 10 * i, 150)};
        if (i % 2) std::swap(found[0], found[1]);
        const auto faces = tracker.update(found, i * kFrame);
        REQUIRE(faces.size() == 2);
        CHECK(faces[0].track + faces[1].track == 3);
        const auto upper = std::find_if(faces.begin(), faces.end(),
                                        [](const auto& face) { return face.box_in_frame.y < 75; });
        CHECK(upper->track == 1);
    }
}

TEST_CASE("a new face is shown at once, with its detected box") {
    FaceTracker tracker({});
    const auto faces = tracker.update({box(30, 40)}, 5.0);
    REQUIRE(faces.size() == 1);
    CHECK(faces[0].track == 1);
    CHECK(faces[0].box_in_frame == box(30, 40).box_in_frame);
}

TEST_CASE("a lost face is shown for a moment and keeps its id for longer") {
    FaceTracker tracker({});
    double time = 0;
    for (int i = 0; i < 5; ++i) tracker.update({box(50, 50)}, time = i * kFrame);
    const double lost = time;
    auto faces = tracker.update({}, lost + 0.19);
    REQUIRE(faces.size() == 1);
    CHECK(faces[0].track == 1);
    CHECK(faces[0].box_in_frame == box(50, 50).box_in_frame);
    CHECK(tracker.update({}, lost + 0.21).empty());
    faces = tracker.update({box(60, 55)}, lost + 0.99);
    REQUIRE(faces.size() == 1);
    CHECK(faces[0].track == 1);
    CHECK(faces[0].box_in_frame.x > 50);
    tracker.update({}, lost + 2.0);
    CHECK(tracker.update({box(60, 55)}, lost + 2.6)[0].track == 2);
}

TEST_CASE("a face keeps its id in consecutive frames at any frame rate") {
    FaceTracker tracker({});
    const double apart_s = 10 * TrackerOptions().keep_s;
    for (int i = 0; i < 5; ++i) {
        const auto faces = tracker.update({box(50 + 20 * (i % 2), 50), box(800, 50)}, i * apart_s);
        REQUIRE(faces.size() == 2);
        CHECK(faces[0].track == 1);
        CHECK(faces[1].track == 2);
    }
    tracker.update({}, 5 * apart_s);
    CHECK(tracker.update({box(50, 50)}, 6 * apart_s)[0].track == 3);
    CHECK(tracker.update({box(550, 50)}, 7 * apart_s)[0].track == 4);
}

TEST_CASE("a face detected once or twice is not shown when lost") {
    FaceTracker tracker({});
    tracker.update({box(50, 50)}, 0);
    CHECK(tracker.update({}, kFrame).empty());
    tracker.update({box(50, 50)}, 2 * kFrame);
    CHECK(tracker.update({}, 3 * kFrame).empty());
}

TEST_CASE("a lost face is not shown under a detected one") {
    FaceTracker tracker({});
    for (int i = 0; i < 5; ++i) tracker.update({box(50, 50)}, i * kFrame);
    const auto faces = tracker.update({box(125, 50)}, 5 * kFrame);
    REQUIRE(faces.size() == 1);
    CHECK(faces[0].track == 2);
}

TEST_CASE("the box with the largest overlap gets the track") {
    FaceTracker tracker(without_smoothing());
    tracker.update({box(0, 0)}, 0);
    const auto faces = tracker.update({box(40, 0), box(10, 0)}, kFrame);
    REQUIRE(faces.size() == 2);
    CHECK(faces[0].track == 1);
    CHECK(faces[0].box_in_frame.x == 10);
    CHECK(faces[1].track == 2);
}

TEST_CASE("a face keeps its id while hidden for a second") {
    for (const double widths_per_second : {0.0, 0.5, 1.5}) {
        for (const double stray : {-40.0, 0.0, 40.0}) {
            FaceTracker tracker({});
            const auto place = [&](double time) { return 300 + 100 * widths_per_second * time; };
            double time = 0;
            for (; time < 1.0; time += kFrame) tracker.update({box(place(time), 80)}, time);
            for (; time < 2.0; time += kFrame) tracker.update({}, time);
            const auto faces = tracker.update({box(place(time) + stray, 80)}, time);
            INFO(widths_per_second << " widths a second, " << stray << " pixels off its course");
            REQUIRE(faces.size() == 1);
            CHECK(faces[0].track == 1);
        }
    }
}

TEST_CASE("a face that stops while hidden keeps its id") {
    FaceTracker tracker({});
    for (int i = 0; i < 30; ++i) tracker.update({box(5 * i, 80)}, i * kFrame);
    CHECK(tracker.update({box(200, 80)}, 59 * kFrame)[0].track == 1);
}

TEST_CASE("two faces that cross keep their ids") {
    for (const double widths_per_second : {0.5, 1.0, 2.0}) {
        FaceTracker tracker({});
        const double step = 100 * widths_per_second * kFrame;
        for (int i = 0; 2 * step * i < 600; ++i) {
            const double near = step * i, far = 400 - step * i;
            // The nearer face hides the other while they overlap by half.
            std::vector<FaceBox> found{box(near, 80)};
            if (std::abs(far - near) > 50) found.push_back(box(far, 85, 95));
            for (const auto& face : tracker.update(found, i * kFrame)) {
                INFO(widths_per_second << " widths a second, frame " << i);
                const bool is_near =
                    std::abs(face.box_in_frame.x - near) < std::abs(face.box_in_frame.x - far);
                if (found.size() == 2) CHECK(face.track == (is_near ? 1 : 2));
            }
        }
    }
}

TEST_CASE("a face is expected at its predicted position") {
    FaceTracker tracker({});
    for (int i = 0; i < 30; ++i) tracker.update({box(3 * i, 80), box(500, 80)}, i * kFrame);
    tracker.update({box(90, 80)}, 30 * kFrame);
    const auto expected = tracker.expected(31 * kFrame);
    REQUIRE(expected.size() == 2);
    CHECK(expected[0].box_in_frame.x == Approx(93).margin(4));
    CHECK(expected[0].unseen_s == Approx(kFrame));
    CHECK(expected[1].box_in_frame.x == Approx(500).margin(1));
    CHECK(expected[1].unseen_s == Approx(2 * kFrame));
    CHECK(tracker.expected(33.0).empty());
}

TEST_CASE("the box of a still face does not jitter") {
    FaceTracker tracker({});
    Random random(7);
    std::vector<double> x, width, raw;
    for (int i = 0; i < 900; ++i) {
        const double side = 100 + 1.2 * random.normal();
        const double left = 200 - side / 2 + 0.8 * random.normal();
        const auto faces = tracker.update({box(left, 80, side)}, i * kFrame);
        if (i < 30) continue;
        raw.push_back(side);
        x.push_back(faces[0].box_in_frame.x + faces[0].box_in_frame.width / 2);
        width.push_back(faces[0].box_in_frame.width);
    }
    CHECK(deviation(raw) > 1.0);
    CHECK(deviation(x) < 0.5);
    CHECK(deviation(width) < 0.6);
}

TEST_CASE("the box of a moving face does not lag") {
    for (const double widths_per_second : {0.5, 1.0, 2.0, 4.0}) {
        FaceTracker tracker({});
        double worst = 0, at_the_end = 0;
        for (int i = 0; i < 60; ++i) {
            const double x = std::max(0.0, i * kFrame - 0.5) * widths_per_second * 100;
            const auto faces = tracker.update({box(x, 80)}, i * kFrame);
            REQUIRE(faces[0].track == 1);
            at_the_end = x - faces[0].box_in_frame.x;
            worst = std::max(worst, at_the_end);
        }
        INFO(widths_per_second << " widths a second");
        CHECK(at_the_end < 5.0);
        CHECK(worst < 12.0);
    }
}

TEST_CASE("without smoothing boxes are those detected") {
    FaceTracker tracker(without_smoothing());
    tracker.update({box(0, 0)}, 0);
    CHECK(tracker.update({box(7, 3, 110)}, kFrame)[0].box_in_frame == box(7, 3, 110).box_in_frame);
}

TEST_CASE("frames may have equal but not decreasing times") {
    FaceTracker tracker({});
    tracker.update({box(0, 0)}, 1);
    const auto faces = tracker.update({box(5, 0)}, 1);
    REQUIRE(faces.size() == 1);
    CHECK(std::isfinite(faces[0].box_in_frame.x));
    CHECK_THROWS_AS(tracker.update({}, 0.5), std::invalid_argument);
    CHECK_THROWS_AS(tracker.update({}, std::numeric_limits<double>::quiet_NaN()), std::invalid_argument);
}

TEST_CASE("a tracker setting out of range is reported with its value and limit") {
    TrackerOptions options;
    options.min_iou = 1.0;
    CHECK_THROWS_WITH(config::checked(options), "tracker.min_iou = 1, expected a number in (0, 1)");
    options = {};
    options.carry_s = 61;
    CHECK_THROWS_WITH(FaceTracker(options),
                      ContainsSubstring("tracker.carry_s = 61, expected a number in [0, 60]"));
    options = {};
    options.smoothing_s = -1;
    CHECK_THROWS_WITH(config::checked(options), ContainsSubstring("tracker.smoothing_s = -1"));
}

TEST_CASE("the one face of a shared clip keeps one id and a steady box") {
    const std::filesystem::path clip = EMOTION_SHARED_DATA "/clips/HAP.mp4";
    if (!std::filesystem::exists(clip)) SKIP_TEST("the shared clips are not there");
    const auto source = media::open_source(clip.string());
    const auto detector = make_haar_detector({});
    FaceTracker tracker({});
    std::vector<double> steps;
    double last = 0;
    while (const auto frame = source->next()) {
        const auto faces = tracker.update(detector->detect(media::to_gray(frame->bgr)), frame->time_s);
        REQUIRE(faces.size() == 1);
        CHECK(faces[0].track == 1);
        const double width = faces[0].box_in_frame.width;
        if (last > 0) steps.push_back(100 * (width - last) / width);
        last = width;
    }
    CHECK(deviation(steps) < 1.0);
}

}  // namespace face_tracker_test
