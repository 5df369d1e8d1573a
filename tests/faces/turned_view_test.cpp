#include "faces/turned_view.hpp"

#include <stdexcept>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "media/made_up_picture.hpp"
#include "support/catch.hpp"

namespace turned_view_test {

using namespace emotion::faces;
using emotion::test::same_bytes;

namespace {

/// A white disc on black at this position.
cv::Mat disc_at(cv::Point place, cv::Size size = {300, 200}) {
    cv::Mat picture(size, CV_8UC1, cv::Scalar(0));
    cv::circle(picture, place, 4, 255, cv::FILLED);
    return picture;
}

/// The centroid of bright pixels.
cv::Point2d bright_place(const cv::Mat& picture) {
    const auto moments = cv::moments(picture);
    return {moments.m10 / moments.m00 + 0.5, moments.m01 / moments.m00 + 0.5};
}

}  // namespace

TEST_CASE("mapping a point to the view and back is the identity") {
    const TurnedView view{{100, 50}, 30};
    const auto there = view.from_picture({170, 20});
    CHECK(cv::norm(view.to_picture(there) - cv::Point2f(170, 20)) < 1e-3);
    CHECK(cv::norm(view.to_picture({100, 50}) - cv::Point2f(100, 50)) < 1e-3);
}

TEST_CASE("what is above the pivot in the view is to its right in a picture tilted clockwise") {
    const TurnedView view{{100, 100}, 90};
    CHECK(cv::norm(view.to_picture({100, 40}) - cv::Point2f(160, 100)) < 1e-3);
    const auto face = view.face_at({90, 30, 20, 20});
    CHECK(face.roll_deg == 90);
    CHECK(face.box_in_frame.x == Approx(150));
    CHECK(face.box_in_frame.y == Approx(90));
    CHECK(face.box_in_frame.width == 20);
}

TEST_CASE("a cut shows each point of the picture at its place in the view") {
    for (const float roll_deg : {-70.0f, -20.0f, 0.0f, 35.0f, 180.0f})
        for (const double scale : {0.25, 0.5, 1.0, 1.5}) {
            const TurnedView view{{150, 100}, roll_deg};
            const cv::Point place(180, 110);
            const cv::Rect2f region(90, 40, 120, 120);
            const cv::Size size(cvRound(120 * scale), cvRound(120 * scale));
            const auto cut = view.cut(disc_at(place), region, size, cv::BORDER_REPLICATE);
            REQUIRE(cut.size() == size);
            const auto expected = cv::Point2d(view.from_picture({180.5f, 110.5f}) - region.tl()) * scale;
            INFO(roll_deg << " degrees, scale " << scale);
            CHECK(cv::norm(bright_place(cut) - expected) < 0.3);
        }
}

TEST_CASE("the view without a roll is the picture") {
    const cv::Mat picture = emotion::test::made_up_picture(90, 70);
    const TurnedView view{{45, 35}, 0};
    CHECK(same_bytes(view.cut(picture, {10, 20, 40, 30}, {40, 30}, cv::BORDER_REPLICATE),
                     picture(cv::Rect(10, 20, 40, 30)).clone()));
    CHECK(view.bounds(picture.size()) == cv::Rect2f({}, cv::Size2f(picture.size())));
}

TEST_CASE("bounds enclose the rotated picture") {
    const auto bounds = TurnedView{{50, 25}, 90}.bounds({100, 50});
    CHECK(bounds.width == Approx(50));
    CHECK(bounds.height == Approx(100));
    CHECK(bounds.x == Approx(25).margin(1e-3));
    CHECK(bounds.y == Approx(-25).margin(1e-3));
}

TEST_CASE("outside the picture a cut has its replicated border or mid-gray") {
    const cv::Mat white(50, 50, CV_8UC1, cv::Scalar(255));
    const TurnedView view{{25, 25}, 45};
    const cv::Rect2f around(-25, -25, 100, 100);
    CHECK(view.cut(white, around, {100, 100}, cv::BORDER_CONSTANT).at<uchar>(0, 0) == 128);
    CHECK(view.cut(white, around, {100, 100}, cv::BORDER_REPLICATE).at<uchar>(0, 0) == 255);
    const cv::Mat beside = view.cut(white, {500, 500, 20, 20}, {10, 10}, cv::BORDER_REPLICATE);
    CHECK(same_bytes(beside, cv::Mat(10, 10, CV_8UC1, cv::Scalar(128))));
    CHECK_THROWS_AS(view.cut(white, {0, 0, 0, 5}, {10, 10}, cv::BORDER_REPLICATE), std::invalid_argument);
    CHECK_THROWS_AS(view.cut({}, around, {10, 10}, cv::BORDER_REPLICATE), std::invalid_argument);
}

TEST_CASE("a reduced cut averages") {
    cv::Mat checks(200, 200, CV_8UC1);
    for (int y = 0; y < checks.rows; ++y)
        for (int x = 0; x < checks.cols; ++x) checks.at<uchar>(y, x) = (x + y) % 2 == 0 ? 0 : 200;
    const auto cut =
        TurnedView{{100, 100}, 20}.cut(checks, {50, 50, 100, 100}, {10, 10}, cv::BORDER_REPLICATE);
    double least = 0, most = 0;
    cv::minMaxLoc(cut, &least, &most);
    CHECK(least > 90);
    CHECK(most < 110);
}

}  // namespace turned_view_test
