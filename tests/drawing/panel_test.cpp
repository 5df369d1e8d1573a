#include "drawing/panel.hpp"

#include <string>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "support/catch.hpp"

namespace panel_test {

using namespace emotion;
using namespace emotion::drawing;

namespace {

cv::Mat gray(cv::Size size, int value) {
    return cv::Mat(size, CV_8UC3, cv::Scalar::all(value));
}

/// The bounding box of pixels that differ from a plain background.
cv::Rect changed(const cv::Mat& canvas, int value) {
    cv::Mat difference;
    cv::absdiff(canvas, cv::Scalar::all(value), difference);
    cv::extractChannel(difference, difference, 0);
    return cv::boundingRect(difference > 0);
}

}  // namespace

TEST_CASE("A panel of any size and place changes only the part of the canvas that it returns") {
    const std::string long_line(400, 'w');
    for (const auto place :
         {PanelPlace::kTopRight, PanelPlace::kBottomLeft, PanelPlace::kBottom, PanelPlace::kCenter})
        for (const cv::Size size :
             {cv::Size(1, 1), cv::Size(5, 200), cv::Size(64, 48), cv::Size(1920, 1080)}) {
            cv::Mat canvas = gray(size, 120);
            INFO(size);
            const auto panel = draw_panel(
                canvas, {"a line", long_line, "several words that are more than fit in one line"}, place);
            const auto seen = panel & cv::Rect({}, size), drawn = changed(canvas, 120);
            CHECK((drawn & seen) == drawn);
            if (size.width >= 64) CHECK(drawn == seen);
        }
}

TEST_CASE("A long message is wrapped so that all of it is visible") {
    const std::string message =
        "camera 0: /dev/video0 is not there; plug the camera in, or name another one or a video file";
    cv::Mat canvas = gray({640, 480}, 120);
    draw_panel(canvas, {message}, PanelPlace::kCenter);
    const auto place = changed(canvas, 120);
    CHECK(place.x > 0);
    CHECK(place.br().x < 640);
    cv::Mat one_line = gray({6400, 480}, 120);
    draw_panel(one_line, {message}, PanelPlace::kCenter);
    CHECK(place.height > changed(one_line, 120).height);
}

TEST_CASE("A panel returns its place so that another can be put above it") {
    cv::Mat canvas = gray({640, 480}, 120);
    const auto below = draw_panel(canvas, {"two", "lines"}, PanelPlace::kBottomLeft);
    CHECK(changed(canvas, 120).y == below.y);
    CHECK(changed(canvas, 120).height == below.height);
    const auto above = draw_panel(canvas, {"a message"}, PanelPlace::kBottom, canvas.rows - below.y);
    CHECK(above.br().y < below.y);
    CHECK(changed(canvas, 120).y == above.y);
}

TEST_CASE("Text in a panel is readable on bright and dark backgrounds") {
    for (const int value : {0, 128, 255}) {
        cv::Mat canvas = gray({640, 480}, value);
        draw_panel(canvas, {"IIIIIIII"}, PanelPlace::kBottomLeft);
        double darkest = 0.0, brightest = 0.0;
        cv::minMaxLoc(canvas(cv::Rect(14, 442, 40, 24)).clone().reshape(1), &darkest, &brightest);
        INFO(value);
        CHECK(darkest < 90.0);
        CHECK(brightest > 225.0);
    }
}

}  // namespace panel_test
