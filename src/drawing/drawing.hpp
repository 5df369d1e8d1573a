#pragma once

#include <array>
#include <cstddef>
#include <string>

#include <opencv2/core/mat.hpp>

namespace emotion::drawing {

using Color = cv::Vec3b;  ///< BGR

/// The color of the class with this index among the shown classes, the same wherever labels are drawn.
Color label_color(std::size_t place);

/// "#rrggbb", as in SVG and CSS.
std::string hex(Color color);

/// The background of text.
inline const Color kPlateColor(26, 22, 20);
inline constexpr double kPlateOpacity = 0.8;

/// The rectangle with `by` pixels more on each side.
inline cv::Rect grown(const cv::Rect& place, int by) {
    return {place.x - by, place.y - by, place.width + 2 * by, place.height + 2 * by};
}

/// The four sides of a frame of this thickness around `inside`.
std::array<cv::Rect, 4> sides_around(const cv::Rect& inside, int thickness);

// All functions draw on CV_8UC3 BGR and clip to the canvas.

/// Blends `color` into the canvas where `mask` (CV_8UC1) is set, with its corner at `at`; 255 in the mask
/// means `opacity`.
void blend(cv::Mat& canvas, const cv::Mat& mask, cv::Point at, Color color, double opacity = 1.0);

/// A filled rectangle with rounded corners.
void fill_rounded(cv::Mat& canvas, const cv::Rect& place, int radius, Color color, double opacity = 1.0);

/// A rectangle outline whose inner edge is the edge of `place`.
void draw_outline(cv::Mat& canvas, const cv::Rect& place, int thickness, Color color);

}  // namespace emotion::drawing
