#include "apps/detector/live_view.hpp"

#include <opencv2/core.hpp>

#include "drawing/panel.hpp"

namespace emotion::apps {
namespace {

using drawing::draw_panel;
using drawing::PanelPlace;

const std::vector<std::string> kKeys{"q, Esc: quit",
                                     "space: pause or continue",
                                     "s: save a picture",
                                     "r: start or stop recording a video",
                                     "m: mirror",
                                     "f: full screen",
                                     "d: frame rate, delay, dropped frames",
                                     "e: explain the largest face's score: orange for, blue against",
                                     "n: learn how faces look at rest, and forget it",
                                     "+, -: show labels from a higher or lower confidence",
                                     "h: close this help"};
constexpr int kDarkWidth = 640, kDarkHeight = 480;

void draw_picture(drawing::Canvas& canvas, const LiveView& view, cv::Mat& picture) {
    const drawing::View shown{view.mirror, false};
    if (view.problem.empty()) {
        canvas.explained(shown).copyTo(picture);
        return;
    }
    canvas.pixels(shown).copyTo(picture);
    drawing::dim(picture);
}

/// Places panels so that they do not overlap, even in a small picture.
void draw_panels(const LiveView& view, cv::Mat& canvas) {
    int taken = 0;  // at the bottom
    if (!view.problem.empty())
        draw_panel(canvas, {view.problem}, PanelPlace::kCenter);
    else if (!view.details.empty())
        taken = canvas.rows - draw_panel(canvas, view.details, PanelPlace::kBottomLeft).y;
    std::vector<std::string> lines;
    if (view.paused) lines.push_back("paused, press space to continue");
    if (!view.message.empty()) lines.push_back(view.message);
    if (!lines.empty()) draw_panel(canvas, lines, PanelPlace::kBottom, taken);
}

}  // namespace

void draw_live(drawing::Canvas& canvas, const LiveView& view, cv::Mat& picture) {
    if (canvas.empty())
        picture = cv::Mat(kDarkHeight, kDarkWidth, CV_8UC3, cv::Scalar::all(40));
    else
        draw_picture(canvas, view, picture);
    if (view.help)
        draw_panel(picture, kKeys, PanelPlace::kCenter);
    else
        draw_panels(view, picture);
    if (!view.recording.empty()) draw_panel(picture, {view.recording}, PanelPlace::kTopRight);
}

}  // namespace emotion::apps
