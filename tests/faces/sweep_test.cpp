#include "faces/sweep.hpp"

#include <cmath>
#include <map>

#include <opencv2/core.hpp>

#include "support/catch.hpp"

namespace sweep_test {

using namespace emotion::faces;

namespace {

constexpr double kFrame = 1.0 / 30;
constexpr double kSweepSeconds = 0.35;
constexpr double kSmallest = 24.0;
const cv::Size kPicture(320, 240);

/// 24, 31.2, ... up to the 240 pixels that fit.
constexpr std::size_t kSizes = 9;

Sweep started(int ways = 1) {
    Sweep sweep(kSweepSeconds, 1.3, ways);
    sweep.start(0.0);
    return sweep;
}

cv::Mat frame(int gray = 100) {
    return cv::Mat(kPicture, CV_8UC1, cv::Scalar(gray));
}

}  // namespace

TEST_CASE("every size is searched once per sweep") {
    auto sweep = started();
    std::map<double, int> turns;
    const int frames = static_cast<int>(kSweepSeconds / kFrame);
    for (int i = 1; i <= 10 * frames; ++i)
        for (const auto& turn : sweep.due(kPicture, kSmallest, i * kFrame)) ++turns[turn.side];
    CHECK(turns.size() == kSizes);
    CHECK(turns.begin()->first == kSmallest);
    CHECK(turns.rbegin()->first == Approx(kSmallest * std::pow(1.3, kSizes - 1)));
    for (const auto& [side, count] : turns) {
        INFO(side);
        CHECK(count >= 9);
        CHECK(count <= 11);
    }
}

TEST_CASE("all passes are searched within a sweep") {
    auto sweep = started(3);
    std::map<int, int> turns;
    for (int i = 1; i * kFrame <= kSweepSeconds; ++i)
        for (const auto& turn : sweep.due(kPicture, kSmallest, i * kFrame)) ++turns[turn.way];
    CHECK(turns.size() == 3);
}

TEST_CASE("all turns are due once when all are requested") {
    auto sweep = started(2);
    CHECK(sweep.due(kPicture, kSmallest, kFrame).size() < kSizes);
    std::map<std::pair<double, int>, int> turns;
    for (const auto& turn : sweep.due(kPicture, kSmallest, 2 * kFrame, true)) {
        ++turns[{turn.side, turn.way}];
        CHECK_FALSE(turn.since_s);
    }
    CHECK(turns.size() == 2 * kSizes);
    for (const auto& [turn, count] : turns) CHECK(count == 1);
    CHECK(sweep.due(kPicture, kSmallest, 3 * kFrame).size() < kSizes);
}

TEST_CASE("nothing is due for a picture too small for any size, or without elapsed time") {
    auto sweep = started();
    CHECK(sweep.due({200, 20}, kSmallest, 1.0).empty());
    sweep = started();
    sweep.due(kPicture, kSmallest, kFrame);
    CHECK(sweep.due(kPicture, kSmallest, kFrame).empty());
}

TEST_CASE("a size is periodically searched in the whole picture, else where it changed since its last turn") {
    auto sweep = started();
    int whole = 0, part = 0;
    double last_s = -1.0;
    for (int i = 1; i <= 400; ++i)
        for (const auto& turn : sweep.due(kPicture, kSmallest, i * kFrame)) {
            if (turn.side != kSmallest) continue;
            if (turn.since_s) CHECK(*turn.since_s == last_s);
            if (last_s < 0.0) CHECK_FALSE(turn.since_s);
            ++(turn.since_s ? part : whole);
            last_s = i * kFrame;
        }
    CHECK(whole >= 8);
    CHECK(part > 2 * whole);
    CHECK(part <= 3 * whole);
}

TEST_CASE("a change of the whole picture is a cut and that of a small part is not") {
    Changes changes(0.05);
    changes.start(frame(), 0.0);
    CHECK_FALSE(changes.update(frame(102), kFrame));
    CHECK(changes.update(frame(200), 2 * kFrame));
    CHECK_FALSE(changes.update(frame(200), 3 * kFrame));
    cv::Mat changed = frame(200);
    changed(cv::Rect(100, 100, 40, 40)).setTo(50);
    CHECK_FALSE(changes.update(changed, 4 * kFrame));
}

TEST_CASE("changes since a time are enclosed by their bounding box") {
    Changes changes(0.05);
    changes.start(frame(), 0.0);
    cv::Mat changed = frame();
    changed(cv::Rect(100, 100, 40, 40)).setTo(50);
    changes.update(changed, 1.0);
    CHECK(changes.since(0.5, kPicture, {}) == cv::Rect(100, 100, 40, 40));
    CHECK(changes.since(0.5, kPicture * 2, {}) == cv::Rect(200, 200, 80, 80));
    CHECK(changes.since(1.0, kPicture, {}).empty());
    CHECK(changes.since(0.5, kPicture, {{90, 90, 60, 60}}).empty());
    changed(cv::Rect(200, 100, 10, 10)).setTo(50);
    changes.update(changed, 2.0);
    CHECK(changes.since(1.5, kPicture, {}) == cv::Rect(200, 100, 10, 10));
    CHECK(changes.since(0.5, kPicture, {}) == cv::Rect(100, 100, 110, 40));
}

TEST_CASE("noise and small steps are no change until they accumulate") {
    Changes changes(0.05);
    changes.start(frame(100), 0.0);
    changes.update(frame(102), 1.0);
    CHECK(changes.since(0.5, kPicture, {}).empty());
    changes.update(frame(104), 2.0);
    CHECK(changes.since(0.5, kPicture, {}) == cv::Rect({}, kPicture));
}

}  // namespace sweep_test
