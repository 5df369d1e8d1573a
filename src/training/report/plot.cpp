#include "training/report/plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "drawing/svg.hpp"

namespace emotion::training {
namespace {

using drawing::Svg;
using Anchor = Svg::Anchor;

constexpr const char* kInk = "currentColor";
constexpr const char* kStyle =
    "<style>svg { color: #1c1f23 } @media (prefers-color-scheme: dark) { svg { color: #e4e4e4 } }</style>\n";
constexpr double kLeft = 68, kRight = 18, kTop = 14, kBottom = 54;  // around the plot area
constexpr double kFontSize = 15, kTick = 6, kLineHeight = 22, kSwatch = 28;
constexpr double kBarOpacity = 0.25;

double tick_step(const Plot::Axis& axis) {
    constexpr double kAbout = 6;
    const double min_step = std::max((axis.max - axis.min) / kAbout, axis.whole ? 1.0 : 0.0);
    const double power = std::pow(10.0, std::floor(std::log10(min_step)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= min_step) return factor * power;
    return 10 * power;
}

std::string tick_text(double value, double step) {
    const int decimals = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 9);
    return fmt::format("{:.{}f}", value, decimals);
}

bool finite(const cv::Point2d& point) {
    return std::isfinite(point.x) && std::isfinite(point.y);
}

}  // namespace

std::string plot_color(std::size_t number) {
    static const std::array<const char*, 4> colors{"#0072b2", "#d55e00", "#009e73", "#cc79a7"};
    return colors[number % colors.size()];
}

Svg plot_paper(cv::Size size) {
    return Svg(size, kStyle);
}

std::vector<double> ticks(const Plot::Axis& axis) {
    const double step = tick_step(axis);
    std::vector<double> values;
    for (auto multiple = std::llround(std::ceil(axis.min / step - 1e-9));
         static_cast<double>(multiple) * step <= axis.max + 1e-9 * step; ++multiple)
        values.push_back(static_cast<double>(multiple) * step);
    return values;
}

Plot::Plot(cv::Size size, Axis x, Axis y, Corner legend)
    : size_(size),
      area_(kLeft, kTop, size.width - kLeft - kRight, size.height - kTop - kBottom),
      x_(std::move(x)),
      y_(std::move(y)),
      legend_(legend) {}

void Plot::line(const std::vector<cv::Point2d>& points, const std::string& color, const std::string& title,
                bool dashed) {
    Series series{dashed ? Kind::kDashed : Kind::kLine, color, title, {}, {}};
    std::copy_if(points.begin(), points.end(), std::back_inserter(series.points), finite);
    if (series.points.empty()) return;
    if (series.points.size() == 1) series.kind = Kind::kDisc;
    series_.push_back(std::move(series));
}

void Plot::dot(const cv::Point2d& point, const std::string& color, const std::string& title, Shape shape) {
    if (finite(point))
        series_.push_back({shape == Shape::kDisc ? Kind::kDisc : Kind::kDiamond, color, title, {point}, {}});
}

void Plot::intervals(const std::vector<Interval>& intervals, const std::string& color,
                     const std::string& title) {
    if (!intervals.empty()) series_.push_back({Kind::kIntervals, color, title, {}, intervals});
}

void Plot::bars(const std::vector<Bar>& bars, const std::string& title) {
    Series series{Kind::kBars, kPlotGray, title, {}, {}};
    for (const auto& bar : bars)
        series.points.insert(series.points.end(), {{bar.left, bar.height}, {bar.right, bar.height}});
    if (!series.points.empty()) series_.push_back(std::move(series));
}

cv::Point2d Plot::place(const cv::Point2d& point) const {
    return {area_.x + (point.x - x_.min) / (x_.max - x_.min) * area_.width,
            area_.br().y - (point.y - y_.min) / (y_.max - y_.min) * area_.height};
}

void Plot::draw_axes(Svg& svg) const {
    const double left = area_.x, bottom = area_.br().y;
    for (const double x : ticks(x_)) {
        const double at = place({x, 0}).x;
        svg.line({{at, bottom}, {at, area_.y}}, {kPlotGray, 0.3});
        svg.line({{at, bottom}, {at, bottom + kTick}}, {kInk});
        svg.text({{at, bottom + kTick + kFontSize},
                  kFontSize,
                  tick_text(x, tick_step(x_)),
                  kInk,
                  Anchor::kMiddle});
    }
    for (const double y : ticks(y_)) {
        const double at = place({0, y}).y;
        svg.line({{left, at}, {area_.br().x, at}}, {kPlotGray, 0.3});
        svg.line({{left - kTick, at}, {left, at}}, {kInk});
        svg.text({{left - kTick - 3, at + kFontSize / 3},
                  kFontSize,
                  tick_text(y, tick_step(y_)),
                  kInk,
                  Anchor::kEnd});
    }
    svg.line({{left, area_.y}, {left, bottom}, {area_.br().x, bottom}}, {kInk});
    svg.text({{left + area_.width / 2, size_.height - 10.0}, kFontSize, x_.label, kInk, Anchor::kMiddle});
    svg.text({{kFontSize + 2, area_.y + area_.height / 2}, kFontSize, y_.label, kInk, Anchor::kMiddle, -90});
}

void Plot::draw(Svg& svg, const Series& series) const {
    std::vector<cv::Point2d> places;
    for (const auto& point : series.points) places.push_back(place(point));
    switch (series.kind) {
        case Kind::kLine:
        case Kind::kDashed:
            svg.line(places,
                     {series.color, series.kind == Kind::kLine ? 2.2 : 1.2, series.kind == Kind::kDashed});
            break;
        case Kind::kDisc:
            svg.disc(places[0], 5, series.color);
            break;
        case Kind::kDiamond:
            svg.diamond(places[0], 6.5, series.color);
            break;
        case Kind::kBars:
            for (std::size_t i = 0; i + 1 < places.size(); i += 2)
                svg.rectangle(
                    {places[i].x, places[i].y, places[i + 1].x - places[i].x, area_.br().y - places[i].y},
                    series.color, kBarOpacity);
            break;
        case Kind::kIntervals:
            for (const auto& [at, low, high] : series.intervals) {
                const auto dot = place(at), bottom = place({at.x, low}), top = place({at.x, high});
                places.push_back(dot);
                svg.line({bottom, top}, {series.color, 1.4});
                for (const auto& end : {bottom, top})
                    svg.line({{end.x - 4, end.y}, {end.x + 4, end.y}}, {series.color, 1.4});
                svg.disc(dot, 3.5, series.color);
            }
            svg.line(places, {series.color, 1.4});
            break;
    }
}

void Plot::draw_legend(Svg& svg) const {
    const auto titled = std::count_if(series_.begin(), series_.end(),
                                      [](const Series& series) { return !series.title.empty(); });
    const bool at_top = legend_ == Corner::kTopLeft || legend_ == Corner::kTopRight;
    const bool at_left = legend_ == Corner::kTopLeft || legend_ == Corner::kBottomLeft;
    double y =
        at_top ? area_.y + kLineHeight : area_.br().y - kLineHeight * (static_cast<double>(titled) - 0.5);
    const double from = at_left ? area_.x + 12 : area_.br().x - 8 - kSwatch, middle = from + kSwatch / 2;
    for (const auto& [kind, color, title, points, intervals] : series_) {
        if (title.empty()) continue;
        const double center = y - kFontSize / 3;
        if (kind == Kind::kBars)
            svg.rectangle({from, center - 5, kSwatch, 10}, color, kBarOpacity);
        else if (kind == Kind::kDiamond)
            svg.diamond({middle, center}, 6.5, color);
        else if (kind == Kind::kDisc)
            svg.disc({middle, center}, 5, color);
        else
            svg.line({{from, center}, {from + kSwatch, center}}, {color, 2.2, kind == Kind::kDashed});
        if (kind == Kind::kIntervals) svg.disc({middle, center}, 3.5, color);
        svg.text({{at_left ? from + kSwatch + 8 : from - 8, y},
                  kFontSize,
                  title,
                  kInk,
                  at_left ? Anchor::kStart : Anchor::kEnd});
        y += kLineHeight;
    }
}

std::string Plot::svg() const {
    auto svg = plot_paper(size_);
    draw_axes(svg);
    for (const auto& series : series_) draw(svg, series);
    draw_legend(svg);
    return svg.file();
}

}  // namespace emotion::training
