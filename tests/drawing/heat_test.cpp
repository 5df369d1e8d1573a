#include "drawing/heat.hpp"

#include <opencv2/core.hpp>

#include "support/catch.hpp"

namespace heat_test {

using namespace emotion;
using namespace emotion::drawing;

namespace {

cv::RotatedRect upright(const cv::Rect2f& region) {
    return {(region.tl() + region.br()) * 0.5f, region.size(), 0.0f};
}

}  // namespace

TEST_CASE("Heat is orange where positive and blue where negative") {
    cv::Mat heat = cv::Mat::zeros(10, 10, CV_32FC1);
    heat.colRange(0, 5).setTo(2.0f);
    heat.colRange(5, 10).setTo(-2.0f);
    cv::Mat canvas(100, 100, CV_8UC3, cv::Scalar::all(128));
    draw_heat(upright({20, 20, 60, 60}), heat, canvas);
    const auto left = canvas.at<cv::Vec3b>(50, 30), right = canvas.at<cv::Vec3b>(50, 70);
    CHECK(left[2] > left[0] + 60);
    CHECK(right[0] > right[2] + 60);
    CHECK(canvas.at<cv::Vec3b>(10, 10) == cv::Vec3b::all(128));
}

TEST_CASE("Heat outside the canvas or of size zero changes nothing") {
    const cv::Mat heat(10, 10, CV_32FC1, cv::Scalar(1.0)), none = cv::Mat::zeros(10, 10, CV_32FC1);
    cv::Mat canvas(100, 100, CV_8UC3, cv::Scalar::all(128));
    const cv::Mat plain = canvas.clone();
    draw_heat(upright({20, 20, 60, 60}), none, canvas);
    draw_heat(upright({20, 20, 0, 0}), heat, canvas);
    draw_heat(upright({-60, -60, 60, 60}), heat, canvas);
    CHECK(cv::norm(canvas, plain, cv::NORM_INF) == 0.0);
    draw_heat(upright({-50, -50, 60, 60}), heat, canvas);
    CHECK(cv::norm(canvas(cv::Rect(0, 0, 10, 10)), plain(cv::Rect(0, 0, 10, 10)), cv::NORM_INF) > 0.0);
    CHECK(cv::norm(canvas.rowRange(10, 100), plain.rowRange(10, 100), cv::NORM_INF) == 0.0);
}

TEST_CASE("Heat turns clockwise with its region") {
    cv::Mat heat = cv::Mat::zeros(10, 10, CV_32FC1);
    heat.rowRange(0, 3).setTo(1.0f);  // the forehead
    cv::Mat canvas(200, 200, CV_8UC3, cv::Scalar::all(128));
    draw_heat({{100, 100}, {80, 80}, 90.0f}, heat, canvas);
    const auto is_hot = [&](int x, int y) { return canvas.at<cv::Vec3b>(y, x)[2] > 160; };
    CHECK(is_hot(135, 100));  // points to the right
    CHECK_FALSE(is_hot(100, 65));
    CHECK_FALSE(is_hot(65, 100));

    canvas.setTo(cv::Scalar::all(128));
    heat.setTo(1.0f);
    draw_heat({{100, 100}, {80, 80}, 45.0f}, heat, canvas);
    CHECK(is_hot(100, 50));
    CHECK(is_hot(150, 100));
    CHECK_FALSE(is_hot(65, 65));
    CHECK_FALSE(is_hot(100, 40));
}

}  // namespace heat_test
