#pragma once

#include <functional>
#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "faces/frame_result.hpp"

namespace emotion::drawing {

struct OverlayStyle {
    std::vector<std::string> classes;  ///< of the card, for the names of labels
    std::vector<int> shown;            ///< the classes with colors, in the card's order
    double fps = 0.0;                  ///< shown in the corner if positive
};

/// Draws box, label and confidence of every face, a bar for each shown class, and a mark if its neutral look
/// is known, onto `canvas` (CV_8UC3 BGR, scaled from result.size). Readable on any background: text has its
/// own plate, and sizes scale with the picture. Calls `before_drawing` with each part of the canvas before
/// drawing on it.
void draw_overlay(const faces::FrameResult& result, const OverlayStyle& style, cv::Mat& canvas,
                  const std::function<void(const cv::Rect&)>& before_drawing = {});

}  // namespace emotion::drawing
