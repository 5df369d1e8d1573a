#pragma once

#include <functional>
#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "faces/frame_result.hpp"

namespace emotion::drawing {

struct OverlayStyle {
    std::vector<std::string> classes;  ///< the card's, for the labels' names
    std::vector<int> shown;            ///< the classes that have a colour of their own, in the card's order
    double fps = 0.0;                  ///< written in the corner if positive
};

/// Draws box, label and confidence of every face onto `canvas` (CV_8UC3 BGR of result.size, any size), a bar
/// for each class shown, and a mark where it is known how the face looks at rest, readable on any background:
/// the text stands on its own plate, sizes follow the picture's. Tells `before_drawing` of each part of the
/// canvas before it is drawn on.
void draw_overlay(const faces::FrameResult& result, const OverlayStyle& style, cv::Mat& canvas,
                  const std::function<void(const cv::Rect&)>& before_drawing = {});

}  // namespace emotion::drawing
