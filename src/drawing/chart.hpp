#pragma once

#include <string>
#include <variant>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "drawing/drawing.hpp"

namespace emotion::drawing {

/// A drawing on white that can be rendered as pixels or SVG. Lengths in pixels.
struct Chart {
    struct Bar {
        cv::Rect2d place;
        Color color;
    };
    /// `at` is the left or right end of the baseline; `height` is that of capital letters.
    struct Text {
        cv::Point2d at;
        double height = 0.0;
        std::string text;
        Color color;
        bool ends_here = false;
    };
    struct Picture {
        cv::Point corner;
        cv::Mat bgr;
    };

    cv::Size size;
    std::vector<std::variant<Bar, Text, Picture>> parts;  ///< drawn in order
};

/// CV_8UC3 BGR.
cv::Mat chart_pixels(const Chart& chart);

/// A complete SVG file, with pictures embedded as JPEG.
std::string chart_svg(const Chart& chart);

}  // namespace emotion::drawing
