#include "media/cameras/virtual_camera.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <opencv2/core.hpp>

#include "base/error.hpp"
#include "media/video/bgr_converter.hpp"
#include "support/catch.hpp"

namespace virtual_camera_test {

using namespace emotion;
using namespace emotion::media;

namespace {

/// The bounding box of pixels that are not black.
cv::Rect lit_part(const cv::Mat& bgr) {
    int left = bgr.cols, right = -1, top = bgr.rows, bottom = -1;
    for (int y = 0; y < bgr.rows; ++y)
        for (int x = 0; x < bgr.cols; ++x)
            if (bgr.at<cv::Vec3b>(y, x) != cv::Vec3b(0, 0, 0)) {
                left = std::min(left, x);
                right = std::max(right, x);
                top = std::min(top, y);
                bottom = std::max(bottom, y);
            }
    return {cv::Point(left, top), cv::Point(right + 1, bottom + 1)};
}

const cv::Scalar kGray = cv::Scalar::all(90);

}  // namespace

TEST_CASE("An invalid V4L2 device path is an error that shows a valid one") {
    for (const std::string path : {"", "video10", "/dev/video", "/dev/video1x", "/dev/video-1", "/dev/null",
                                   "10", "/dev/video12345"}) {
        INFO(path);
        CHECK_THROWS_AS(check_virtual_camera_name(path), ConfigError);
        CHECK_THROWS_WITH(check_virtual_camera_name(path), path +
                                                               ": expected a device of v4l2loopback such as "
                                                               "/dev/video10");
    }
    CHECK_NOTHROW(check_virtual_camera_name("/dev/video0"));
}

TEST_CASE("A picture is centered in another size, on black") {
    const cv::Mat wide(100, 200, CV_8UC3, kGray);
    CHECK(lit_part(fitted(wide, {100, 100})) == cv::Rect(0, 25, 100, 50));
    CHECK(lit_part(fitted(wide, {400, 400})) == cv::Rect(0, 100, 400, 200));
    CHECK(lit_part(fitted(wide, {640, 100})) == cv::Rect(220, 0, 200, 100));
}

TEST_CASE("A picture of the right size is unchanged, without the last pixel of an odd side") {
    cv::Mat picture(101, 201, CV_8UC3);
    cv::randu(picture, 0, 256);
    const auto even = fitted(picture, {200, 100});
    REQUIRE(even.size() == cv::Size(200, 100));
    CHECK(cv::norm(even, picture(cv::Rect(0, 0, 200, 100)), cv::NORM_INF) == 0.0);
    CHECK(fitted(even, even.size()).data == even.data);
}

TEST_CASE("Pictures become YUYV of BT.601 in limited range, with chroma shared by two pixels") {
    struct Color {
        cv::Vec3b bgr;
        int y, u, v;
    };
    // By hand: Y = 16 + 65.481 R + 128.553 G + 24.966 B, U and V likewise, for R, G, B in 0 to 1.
    for (const auto& [bgr, y, u, v] : {Color{{0, 0, 0}, 16, 128, 128}, Color{{255, 255, 255}, 235, 128, 128},
                                       Color{{0, 0, 255}, 81, 90, 240}, Color{{255, 0, 0}, 41, 240, 110},
                                       Color{{0, 255, 0}, 145, 54, 34}}) {
        BgrToYuyv converter;
        const cv::Mat yuyv = converter.convert(cv::Mat(4, 34, CV_8UC3, cv::Scalar(bgr)));
        REQUIRE(yuyv.size() == cv::Size(34, 4));
        REQUIRE(yuyv.isContinuous());
        const int expected[] = {y, u, y, v};
        int farthest = 0;
        for (std::size_t i = 0; i < yuyv.total() * yuyv.elemSize(); ++i)
            farthest = std::max(farthest, std::abs(yuyv.data[i] - expected[i % 4]));
        INFO(cv::Vec3i(bgr));
        CHECK(farthest <= 1);
    }
}

TEST_CASE("An unusable virtual camera is an error with a remedy") {
    if (!std::filesystem::exists("/sys")) SKIP_TEST("only Linux has such devices");
    CHECK_THROWS_WITH(
        open_virtual_camera("/dev/null"),
        ContainsSubstring("virtual camera /dev/null is not a video device, expected one of v4l2loopback"));
    CHECK_THROWS_WITH(open_virtual_camera("/dev/video4321"),
                      ContainsSubstring("virtual camera /dev/video4321 is not there") &&
                          ContainsSubstring("sudo modprobe v4l2loopback video_nr=4321 exclusive_caps=1"));
}

}  // namespace virtual_camera_test
