#include "faces/sweep.hpp"

#include <cmath>
#include <map>

#include <opencv2/core.hpp>

#include "support/catch.hpp"

using namespace emotion;
using namespace emotion::faces;

namespace {

constexpr double kFrame = 1.0 / 30;
constexpr double kSmallest = 24.0;

cv::Mat frame(int gray = 100) {
    return cv::Mat(240, 320, CV_8UC1, cv::Scalar(gray));
}

/// A sweep that has seen one frame at 0 s.
Sweep begun(const SearchOptions& options = {}) {
    Sweep sweep(options);
    sweep.start(frame(), 0.0);
    return sweep;
}

/// 24, 31.2, ... up to the 240 pixels that fit.
constexpr std::size_t kSizes = 9;

}  // namespace

TEST_CASE("every size has its turn once in the time of a sweep") {
    auto sweep = begun();
    std::map<double, int> turns;
    const int frames = static_cast<int>(SearchOptions{}.sweep_s / kFrame);
    for (int i = 1; i <= 10 * frames; ++i)
        for (const double side : sweep.sizes_due(frame(), kSmallest, i * kFrame)) ++turns[side];
    CHECK(turns.size() == kSizes);
    CHECK(turns.begin()->first == kSmallest);
    CHECK(turns.rbegin()->first == Approx(kSmallest * std::pow(1.3, kSizes - 1)));
    for (const auto& [side, count] : turns) {
        INFO(side);
        CHECK(count >= 9);
        CHECK(count <= 11);
    }
}

TEST_CASE("all sizes are due after a cut and where frames are rare") {
    auto sweep = begun();
    CHECK(sweep.sizes_due(frame(), kSmallest, kFrame).size() < kSizes);
    CHECK(sweep.sizes_due(frame(200), kSmallest, 2 * kFrame).size() == kSizes);
    CHECK(sweep.sizes_due(frame(200), kSmallest, 3 * kFrame).size() < kSizes);
    CHECK(sweep.sizes_due(frame(200), kSmallest, 3 * kFrame + SearchOptions{}.rare_s).size() == kSizes);
}

TEST_CASE("a change of a small part of the picture is no cut") {
    auto sweep = begun();
    cv::Mat changed = frame();
    changed(cv::Rect(100, 100, 40, 40)).setTo(250);
    CHECK(sweep.sizes_due(changed, kSmallest, kFrame).size() < kSizes);
}

TEST_CASE("a frame that no size fits into has none due") {
    Sweep sweep({});
    const cv::Mat small(20, 200, CV_8UC1, cv::Scalar(0));
    sweep.start(small, 0.0);
    CHECK(sweep.sizes_due(small, kSmallest, 1.0).empty());
}

TEST_CASE("a frame at the time of the one before has no size due") {
    auto sweep = begun();
    sweep.sizes_due(frame(), kSmallest, kFrame);
    CHECK(sweep.sizes_due(frame(), kSmallest, kFrame).empty());
}
