#pragma once

#include <opencv2/core/mat.hpp>

namespace emotion::drawing {

/// Lays `heat` (CV_32FC1) over `region` of the canvas, turned with it: orange where it is positive, blue
/// where negative, the stronger the farther from 0, in proportion to the largest.
void draw_heat(const cv::RotatedRect& region, const cv::Mat& heat, cv::Mat& canvas);

}  // namespace emotion::drawing
