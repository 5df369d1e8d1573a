#include "drawing/drawing.hpp"

#include <set>
#include <string>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "media/made_up_picture.hpp"
#include "support/catch.hpp"

namespace drawing_test {

using namespace emotion;
using namespace emotion::drawing;
using namespace emotion::test;

namespace {

const Color kRed(0, 0, 255);

cv::Mat black(cv::Size size) {
    return cv::Mat(size, CV_8UC3, cv::Scalar::all(0));
}

/// The red channel.
cv::Mat red_of(const cv::Mat& canvas) {
    cv::Mat red;
    cv::extractChannel(canvas, red, 2);
    return red;
}

}  // namespace

TEST_CASE("the first classes have distinct colors and every index has one") {
    std::set<std::string> colors;
    for (std::size_t place = 0; place < 6; ++place) {
        const auto color = label_color(place);
        colors.insert({reinterpret_cast<const char*>(color.val), 3});
    }
    CHECK(colors.size() == 6);
    CHECK(label_color(6) == label_color(0));
}

TEST_CASE("a color is written in hexadecimal as red, green, blue") {
    CHECK(hex(Color(1, 0x20, 0xff)) == "#ff2001");
}

TEST_CASE("a rectangle grows on every side, and the sides around it cover exactly what it grew by") {
    CHECK(grown({10, 20, 4, 6}, 2) == cv::Rect(8, 18, 8, 10));
    CHECK(grown({10, 20, 4, 6}, -1) == cv::Rect(11, 21, 2, 4));
    cv::Mat covered = cv::Mat::zeros(40, 40, CV_8U);
    for (const auto& side : sides_around({10, 20, 4, 6}, 2)) covered(side) += 1;
    CHECK(cv::countNonZero(covered == 1) == 8 * 10 - 4 * 6);
    CHECK(cv::countNonZero(covered) == 8 * 10 - 4 * 6);
    CHECK(cv::countNonZero(covered({10, 20, 4, 6})) == 0);
}

TEST_CASE("a color is blended by mask and opacity and clipped to the canvas") {
    const cv::Mat mask = (cv::Mat_<unsigned char>(1, 3) << 0, 128, 255);
    cv::Mat canvas(3, 3, CV_8UC3, cv::Scalar(100, 100, 100));
    blend(canvas, mask, {1, 1}, kRed, 0.5);
    CHECK(canvas.at<Color>(1, 1) == Color(100, 100, 100));
    CHECK(canvas.at<Color>(1, 2)[2] == Approx(100 + 155 * 0.25).margin(1.5));
    blend(canvas, mask, {-2, 0}, kRed);
    CHECK(canvas.at<Color>(0, 0) == kRed);
    const cv::Mat before = canvas.clone();
    for (const cv::Point beside : {cv::Point(3, 0), {0, 3}, {-3, 0}, {0, -1}})
        blend(canvas, mask, beside, kRed);
    CHECK(same_bytes(canvas, before));
}

TEST_CASE("a filled rectangle covers its place except for rounded corners") {
    cv::Mat canvas = black({60, 40});
    const cv::Rect place(10, 5, 40, 30);
    fill_rounded(canvas, place, 8, kRed);
    const cv::Mat red = red_of(canvas);
    CHECK(cv::boundingRect(red > 0) == place);
    CHECK(red.at<unsigned char>(place.y, place.x) == 0);
    CHECK(red.at<unsigned char>(place.y + 4, place.x + 4) == 255);
    CHECK(red.at<unsigned char>(place.br().y - 1, place.br().x - 1) == 0);
    cv::Mat square = black({60, 40});
    fill_rounded(square, place, 0, kRed);
    CHECK(cv::countNonZero(red_of(square)) == place.area());
}

TEST_CASE("an outline surrounds its place without covering it") {
    cv::Mat canvas = black({60, 40});
    const cv::Rect place(10, 8, 30, 20);
    draw_outline(canvas, place, 3, kRed);
    const cv::Mat red = red_of(canvas);
    CHECK(cv::countNonZero(red(place)) == 0);
    CHECK(cv::countNonZero(red) == 36 * 26 - 30 * 20);
    CHECK(cv::boundingRect(red) == cv::Rect(7, 5, 36, 26));
}

}  // namespace drawing_test
