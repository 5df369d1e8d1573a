#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <opencv2/core/types.hpp>

namespace emotion::drawing {

/// Builds an SVG file; later parts cover earlier ones. Lengths in pixels from the top left corner, colors as
/// in SVG. Text is escaped.
class Svg {
  public:
    /// `head` precedes everything drawn, for example a style.
    explicit Svg(cv::Size size, std::string_view head = {});

    void rectangle(const cv::Rect2d& place, const std::string& color, double opacity = 1.0);

    struct Stroke {
        std::string color;
        double width = 1.0;
        bool dashed = false;
    };
    /// A polyline.
    void line(const std::vector<cv::Point2d>& points, const Stroke& stroke);
    void disc(const cv::Point2d& center, double radius, const std::string& color);
    /// A square rotated by 45 degrees, with `radius` from center to corner.
    void diamond(const cv::Point2d& center, double radius, const std::string& color);

    enum class Anchor { kStart, kMiddle, kEnd };
    struct Text {
        cv::Point2d at;  ///< the anchor, on the baseline
        double font_size = 0.0;
        std::string text;
        std::string color;
        Anchor anchor = Anchor::kStart;
        double rotation_deg = 0.0;  ///< clockwise about `at`
    };
    void text(const Text& text);
    /// JPEG bytes.
    void picture(const cv::Rect& place, const std::string& jpeg);

    /// The complete file.
    std::string file() const { return text_ + "</svg>\n"; }

  private:
    std::string text_;
};

}  // namespace emotion::drawing
