#pragma once

#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "drawing/canvas.hpp"

namespace emotion::apps {

/// What the window shows beside the picture.
struct LiveView {
    bool mirror = false;
    bool help = false;
    bool paused = false;
    std::string problem;               ///< why no new pictures come; empty: they do
    std::vector<std::string> details;  ///< in the corner; empty: none
    std::string recording;             ///< what to say of a video that is being recorded; empty: none is
    std::string message;               ///< what a key has just done; empty: nothing
};

/// Draws the frame on the canvas with its result and everything of `view` onto `picture`; a dark one as long
/// as there was no frame.
void draw_live(drawing::Canvas& canvas, const LiveView& view, cv::Mat& picture);

}  // namespace emotion::apps
