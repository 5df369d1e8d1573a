#pragma once

#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace emotion::drawing {

enum class PanelPlace { kTopRight, kBottomLeft, kBottom, kCenter };

/// Lines of text on a dark plate over the canvas (CV_8UC3 BGR), their size following the canvas's. Lines that
/// are too long are broken between words, and words that are shortened. At the bottom it
/// stands `above` pixels higher. Returns where it is.
cv::Rect draw_panel(cv::Mat& canvas, const std::vector<std::string>& lines, PanelPlace place, int above = 0);

/// Makes a picture that stands still darker, so that it is not taken for a live one.
void dim(cv::Mat& canvas);

}  // namespace emotion::drawing
