#pragma once

#include <cstddef>

#include <opencv2/core/mat.hpp>

namespace emotion::drawing {

using Color = cv::Vec3b;  ///< BGR

/// The colour of the class at this place among those shown: the same wherever labels are drawn.
Color label_color(std::size_t place);

/// Of the plates that text stands on.
inline const Color kPlateColor(26, 22, 20);
inline constexpr double kPlateOpacity = 0.8;

// Everything is drawn onto CV_8UC3 BGR and may lie outside the canvas in part or whole.

/// Lays `color` over the canvas where `mask` (CV_8UC1) is, its corner at `at`; 255 in the mask means
/// `opacity`.
void blend(cv::Mat& canvas, const cv::Mat& mask, cv::Point at, Color color, double opacity = 1.0);

/// A filled rectangle with rounded corners.
void fill_rounded(cv::Mat& canvas, const cv::Rect& place, int radius, Color color, double opacity = 1.0);

/// A rectangle's outline, its inner edge on the edge of `place`.
void draw_outline(cv::Mat& canvas, const cv::Rect& place, int thickness, Color color);

}  // namespace emotion::drawing
