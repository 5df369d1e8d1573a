#include "faces/brightness.hpp"

#include <opencv2/core.hpp>

#include "support/catch.hpp"

namespace brightness_test {

using namespace emotion::faces;

namespace {

/// Columns of these gray levels, 100 pixels wide.
cv::Mat columns(const std::vector<int>& levels) {
    cv::Mat picture(100, static_cast<int>(levels.size()), CV_8UC1);
    for (int x = 0; x < picture.cols; ++x) picture.col(x).setTo(levels[static_cast<std::size_t>(x)]);
    return picture;
}

std::vector<int> ramp(int from, int to) {
    std::vector<int> levels;
    for (int level = from; level <= to; ++level) levels.push_back(level);
    return levels;
}

}  // namespace

TEST_CASE("the brightness range excludes shares of the darkest and brightest pixels") {
    const auto picture = columns(ramp(1, 100));
    auto range = brightness_range(picture, 0.0, 0.0);
    CHECK(range.darkest == 1);
    CHECK(range.brightest == 100);
    range = brightness_range(picture, 0.1, 0.25);
    CHECK(range.darkest == 11);
    CHECK(range.brightest == 75);
    CHECK(range.span() == 64);
}

TEST_CASE("a uniform picture has an empty range") {
    for (const int level : {0, 77, 255}) {
        const auto range = brightness_range(columns({level, level}), 0.01, 0.01);
        CHECK(range.darkest == level);
        CHECK(range.brightest == level);
    }
}

TEST_CASE("a stretched picture ranges from black to white") {
    const auto picture = stretched(columns({20, 30, 40}), {20, 40});
    CHECK(picture.at<uchar>(0, 0) == 0);
    CHECK(picture.at<uchar>(0, 1) == Approx(128).margin(1));
    CHECK(picture.at<uchar>(0, 2) == 255);
}

TEST_CASE("only a flat frame is stretched and none is modified") {
    const auto bright = columns(ramp(40, 200)), dim = columns(ramp(10, 60));
    CHECK(in_full_contrast(bright, 128).data == bright.data);
    CHECK(in_full_contrast(dim, 0).data == dim.data);
    const cv::Mat before = dim.clone();
    const auto range = brightness_range(in_full_contrast(dim, 128), 0.02, 0.02);
    CHECK(range.span() > 240);
    CHECK(cv::norm(dim, before, cv::NORM_INF) == 0);
}

TEST_CASE("only a flat part is stretched") {
    const auto flat = columns(ramp(10, 50)), other = columns(ramp(10, 90));
    CHECK(stretched_if_flat(other).data == other.data);
    CHECK(brightness_range(stretched_if_flat(flat), 0.02, 0.02).span() > 240);
}

}  // namespace brightness_test
