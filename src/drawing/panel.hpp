#pragma once

#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace emotion::drawing {

enum class PanelPlace { kTopRight, kBottomLeft, kBottom, kCenter };

/// Draws lines of text on a dark plate over the canvas (CV_8UC3 BGR), scaled with the canvas. Long lines are
/// wrapped between words, and long words are shortened. At the bottom it is placed `above` pixels higher.
/// Returns its place.
cv::Rect draw_panel(cv::Mat& canvas, const std::vector<std::string>& lines, PanelPlace place, int above = 0);

/// Darkens a frozen picture, so that it is not mistaken for a live one.
void dim(cv::Mat& canvas);

}  // namespace emotion::drawing
