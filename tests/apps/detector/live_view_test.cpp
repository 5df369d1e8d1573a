#include "apps/detector/live_view.hpp"

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "support/catch.hpp"

namespace live_view_test {

using namespace emotion;
using namespace emotion::apps;

namespace {

/// A horizontal gradient, on which mirroring is visible.
media::Frame slope() {
    media::Frame frame;
    frame.bgr.create(240, 320, CV_8UC3);
    for (int x = 0; x < frame.bgr.cols; ++x) frame.bgr.col(x) = cv::Scalar::all(60.0 + x / 3.0);
    return frame;
}

const cv::Rect2f kExplained(20, 100, 50, 50);

/// `heat` explains the region kExplained.
cv::Mat drawn(const LiveView& view, const media::Frame& frame = slope(), const cv::Mat& heat = {}) {
    drawing::Canvas canvas({}, {});
    faces::FrameResult result;
    result.size = frame.bgr.size();
    canvas.start(frame, result);
    canvas.set_heat(heat, {(kExplained.tl() + kExplained.br()) * 0.5f, kExplained.size(), 0.0f});
    cv::Mat picture;
    draw_live(canvas, view, picture);
    return picture;
}

/// The bounding box of differing pixels; empty: none.
cv::Rect difference(const cv::Mat& a, const cv::Mat& b) {
    cv::Mat by_channel, any;
    cv::absdiff(a, b, by_channel);
    cv::cvtColor(by_channel, any, cv::COLOR_BGR2GRAY);
    return cv::boundingRect(any > 0);
}

LiveView with_details() {
    LiveView view;
    view.details = {"25.0 frames a second", "9 ms from frame to window"};
    return view;
}

}  // namespace

TEST_CASE("the window shows the picture plain or mirrored") {
    LiveView view;
    CHECK(difference(drawn(view), slope().bgr).empty());
    view.mirror = true;
    cv::Mat mirrored;
    cv::flip(slope().bgr, mirrored, 1);
    CHECK(difference(drawn(view), mirrored).empty());
}

TEST_CASE("before the first picture the window is dark and shows the reason") {
    LiveView view;
    const auto nothing = drawn(view, {});
    CHECK(nothing.size() == cv::Size(640, 480));
    view.problem = "opening camera";
    const auto changed = difference(drawn(view, {}), nothing);
    CHECK(changed.contains({320, 240}));
    CHECK(changed.area() < nothing.size().area() / 4);
}

TEST_CASE("a paused picture is darker and has no explanation") {
    LiveView view;
    view.problem = "camera: no picture for 2 s";
    const auto still = drawn(view);
    CHECK(cv::mean(still)[0] < 0.8 * cv::mean(slope().bgr)[0]);
    const cv::Mat heat(5, 5, CV_32FC1, cv::Scalar(1.0));
    CHECK(difference(drawn(view, slope(), heat), still).empty());
}

TEST_CASE("an explanation is mirrored with its face") {
    LiveView view;
    cv::Mat heat = cv::Mat::zeros(5, 5, CV_32FC1);
    heat.col(0) = 1.0;
    const auto plain = difference(drawn(view, slope(), heat), slope().bgr);
    CHECK(cv::Rect(kExplained).contains(plain.tl()));
    CHECK(plain.br().x < 50);
    view.mirror = true;
    cv::Mat mirrored;
    cv::flip(slope().bgr, mirrored, 1);
    const auto in_mirror = difference(drawn(view, slope(), heat), mirrored);
    CHECK(in_mirror.br().x == 320 - plain.x);
    CHECK(in_mirror.x == 320 - plain.br().x);
}

TEST_CASE("messages of keys are shown above the details without covering them") {
    auto view = with_details();
    const auto details = difference(drawn(view), slope().bgr);
    const auto before = drawn(view);
    view.message = "emotion-20260314-150926.png: saved";
    view.paused = true;
    const auto message = difference(drawn(view), before);
    REQUIRE_FALSE(message.empty());
    CHECK((message & details).empty());
}

TEST_CASE("the help replaces details and messages, but not the recording status") {
    auto view = with_details();
    view.message = "saved";
    view.help = true;
    LiveView help_alone;
    help_alone.help = true;
    CHECK_FALSE(difference(drawn(help_alone), slope().bgr).empty());
    CHECK(difference(drawn(view), drawn(help_alone)).empty());
    view.recording = "recording 0:05";
    const auto recording = difference(drawn(view), drawn(help_alone));
    CHECK(recording.x > 160);
    CHECK(recording.br().y < 120);
}

}  // namespace live_view_test
