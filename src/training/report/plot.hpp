#pragma once

#include <string>
#include <vector>

#include <opencv2/core/types.hpp>

namespace emotion::drawing {
class Svg;
}

namespace emotion::training {

/// A palette for color-blind readers, on white and black (Okabe and Ito, "Color universal design", 2008);
/// repeats for large numbers.
std::string plot_color(std::size_t number);
/// For helper lines and labels.
inline constexpr const char* kPlotGray = "#888888";

/// Starts an SVG file with "currentColor" as foreground: dark on white, or light if the reader prefers dark
/// mode.
drawing::Svg plot_paper(cv::Size size);

/// A plot of lines, dots and bars with axes and a legend. Values that are not finite are skipped.
class Plot {
  public:
    struct Axis {
        std::string label;
        double min = 0.0, max = 1.0;
        bool whole = false;  ///< ticks at whole numbers only
    };
    enum class Corner { kTopLeft, kTopRight, kBottomLeft, kBottomRight };
    enum class Shape { kDisc, kDiamond };

    Plot(cv::Size size, Axis x, Axis y, Corner legend);

    // A series with an empty title has no legend entry.

    /// A polyline; a single point is drawn as a dot.
    void line(const std::vector<cv::Point2d>& points, const std::string& color, const std::string& title,
              bool dashed = false);
    void dot(const cv::Point2d& point, const std::string& color, const std::string& title, Shape shape);
    struct Interval {
        cv::Point2d at;
        double low = 0.0, high = 0.0;  ///< of y
    };
    /// Connected dots, each with an error bar from `low` to `high`.
    void intervals(const std::vector<Interval>& intervals, const std::string& color,
                   const std::string& title);
    struct Bar {
        double left = 0.0, right = 0.0, height = 0.0;
    };
    void bars(const std::vector<Bar>& bars, const std::string& title);

    /// The SVG file.
    std::string svg() const;

  private:
    enum class Kind { kLine, kDashed, kDisc, kDiamond, kIntervals, kBars };
    struct Series {
        Kind kind;
        std::string color, title;
        std::vector<cv::Point2d> points;  ///< for bars, pairs of upper corners
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

/// The ticks of an axis: about six, at multiples of 1, 2 or 5 times a power of ten.
std::vector<double> ticks(const Plot::Axis& axis);

}  // namespace emotion::training
