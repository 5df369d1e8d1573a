#pragma once

#include <string>
#include <variant>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "drawing/drawing.hpp"

namespace emotion::drawing {

/// A drawing in parts, on white, that becomes pixels or SVG alike. Lengths in pixels.
struct Chart {
    struct Bar {
        cv::Rect2d place;
        Color color;
    };
    /// `at` is where the line of text stands, at its left or right end; `height` that of its capital letters.
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
    std::vector<std::variant<Bar, Text, Picture>> parts;  ///< later ones over earlier ones
};

/// CV_8UC3 BGR.
cv::Mat chart_pixels(const Chart& chart);

/// A whole SVG file, its pictures inside as JPEG.
std::string chart_svg(const Chart& chart);

}  // namespace emotion::drawing
