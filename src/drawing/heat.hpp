#pragma once

#include <opencv2/core/mat.hpp>

namespace emotion::drawing {

/// Blends `heat` (CV_32FC1) over `region` of the canvas, rotated with it: orange where positive, blue where
/// negative, with opacity proportional to the absolute value.
void draw_heat(const cv::RotatedRect& region, const cv::Mat& heat, cv::Mat& canvas);

}  // namespace emotion::drawing
