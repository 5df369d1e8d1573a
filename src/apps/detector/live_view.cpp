#include "apps/detector/live_view.hpp"

#include <opencv2/core.hpp>

#include "drawing/heat.hpp"
#include "drawing/mirror.hpp"
#include "drawing/panel.hpp"

namespace emotion::apps {
namespace {

const std::vector<std::string> kKeys{"q, Esc: quit",
                                     "space: pause, and go on",
                                     "s: save a picture",
                                     "r: record a video, and stop",
                                     "m: mirror",
                                     "f: full screen",
                                     "d: frame rate, delay, dropped frames",
                                     "e: explain the largest face's score: orange for, blue against",
                                     "+, -: show labels from a higher or lower confidence",
                                     "h: close this help"};
constexpr int kDarkWidth = 640, kDarkHeight = 480;

void draw_picture(const media::Frame& frame, const faces::FrameResult& result,
                  const drawing::OverlayStyle& style, const LiveView& view, cv::Mat& canvas) {
    if (view.mirror)
        cv::flip(frame.bgr, canvas, 1);
    else
        frame.bgr.copyTo(canvas);
    if (!view.problem.empty()) {
        drawing::dim(canvas);
        return;
    }
    if (!view.heat.empty()) {
        cv::Mat heat = view.heat;
        auto region = view.heat_region;
        if (view.mirror) {
            cv::flip(view.heat, heat, 1);
            region.x = static_cast<float>(canvas.cols) - region.x - region.width;
        }
        drawing::draw_heat(region, heat, canvas);
    }
    drawing::draw_overlay(view.mirror ? drawing::mirrored(result) : result, style, canvas);
}

/// So that none covers another, in a small picture either.
void draw_panels(const LiveView& view, cv::Mat& canvas) {
    int taken = 0;  // at the bottom
    if (!view.problem.empty())
        drawing::draw_panel(canvas, {view.problem}, drawing::PanelPlace::kCenter);
    else if (!view.details.empty())
        taken = canvas.rows - drawing::draw_panel(canvas, view.details, drawing::PanelPlace::kBottomLeft).y;
    std::vector<std::string> lines;
    if (view.paused) lines.push_back("paused, space goes on");
    if (!view.message.empty()) lines.push_back(view.message);
    if (!lines.empty()) drawing::draw_panel(canvas, lines, drawing::PanelPlace::kBottom, taken);
}

}  // namespace

void draw_live(const media::Frame& frame, const faces::FrameResult& result,
               const drawing::OverlayStyle& style, const LiveView& view, cv::Mat& canvas) {
    if (frame.bgr.empty())
        canvas = cv::Mat(kDarkHeight, kDarkWidth, CV_8UC3, cv::Scalar::all(40));
    else
        draw_picture(frame, result, style, view, canvas);
    if (view.help)
        drawing::draw_panel(canvas, kKeys, drawing::PanelPlace::kCenter);
    else
        draw_panels(view, canvas);
    if (!view.recording.empty())
        drawing::draw_panel(canvas, {view.recording}, drawing::PanelPlace::kTopRight);
}

}  // namespace emotion::apps
