#pragma once

#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "drawing/canvas.hpp"

namespace emotion::apps {

/// What the window shows besides the picture.
struct LiveView {
    bool mirror = false;
    bool help = false;
    bool paused = false;
    std::string problem;               ///< why there are no new pictures; empty: there are
    std::vector<std::string> details;  ///< in the corner; empty: none
    std::string recording;             ///< status of the video being recorded; empty: none
    std::string message;               ///< about the last key; empty: none
};

/// Draws the frame on the canvas with its result and everything in `view` onto `picture`; a dark picture
/// before the first frame.
void draw_live(drawing::Canvas& canvas, const LiveView& view, cv::Mat& picture);

}  // namespace emotion::apps
