#pragma once

#include <string>
#include <vector>

#include <opencv2/core/types.hpp>

namespace emotion::drawing {
class Svg;
}

namespace emotion::training {

/// Told apart by people who do not tell all colors apart, on white and on black (Okabe and Ito, "Color
/// universal design", 2008); of any number.
std::string plot_color(std::size_t number);
/// Of what only helps to read a plot.
inline constexpr const char* kPlotGray = "#888888";

/// An SVG file in the making whose ink is dark on white and light where the reader prefers dark;
/// "currentColor" names it.
drawing::Svg plot_paper(cv::Size size);

/// Lines, dots and bars over two axes, with a legend. Values that are not finite are left out.
class Plot {
  public:
    struct Axis {
        std::string label;
        double least = 0.0, most = 1.0;
        bool whole = false;  ///< no ticks between whole numbers
    };
    enum class Corner { kTopLeft, kTopRight, kBottomLeft, kBottomRight };
    enum class Shape { kDisc, kDiamond };

    Plot(cv::Size size, Axis x, Axis y, Corner legend);

    // An empty title leaves a series out of the legend.

    /// Points joined in their order; one alone is drawn as a dot.
    void line(const std::vector<cv::Point2d>& points, const std::string& color, const std::string& title,
              bool dashed = false);
    void dot(const cv::Point2d& point, const std::string& color, const std::string& title, Shape shape);
    struct Interval {
        cv::Point2d at;
        double low = 0.0, high = 0.0;  ///< of y
    };
    /// Dots joined by lines, each with a bar from `low` to `high`.
    void intervals(const std::vector<Interval>& intervals, const std::string& color,
                   const std::string& title);
    struct Bar {
        double left = 0.0, right = 0.0, height = 0.0;
    };
    void bars(const std::vector<Bar>& bars, const std::string& title);

    /// The text of an SVG file.
    std::string svg() const;

  private:
    enum class Kind { kLine, kDashed, kDisc, kDiamond, kIntervals, kBars };
    struct Series {
        Kind kind;
        std::string color, title;
        std::vector<cv::Point2d> points;  ///< of bars their upper corners, a pair each
        std::vector<Interval> intervals;
    };

    cv::Point2d place(const cv::Point2d& point) const;
    void draw_axes(drawing::Svg& svg) const;
    void draw(drawing::Svg& svg, const Series& series) const;
    void draw_legend(drawing::Svg& svg) const;

    cv::Size size_;
    cv::Rect2d area_;
    Axis x_, y_;
    Corner legend_;
    std::vector<Series> series_;
};

/// Where an axis has its ticks: at multiples of 1, 2 or 5 times a power of ten, about six of them.
std::vector<double> ticks(const Plot::Axis& axis);

}  // namespace emotion::training
