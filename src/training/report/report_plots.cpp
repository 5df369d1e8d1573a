#include "training/report/report_plots.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "drawing/svg.hpp"
#include "training/evaluation/figure_text.hpp"
#include "training/report/plot.hpp"

namespace emotion::training {
namespace {

const cv::Size kWide(640, 400), kSquare(640, 520);

/// Thins out to at most `most` items, including the last.
template <typename Item>
std::vector<Item> thinned(const std::vector<Item>& items, std::size_t max = 800) {
    if (items.size() <= max) return items;
    std::vector<Item> kept;
    for (std::size_t i = 0; i < max; ++i) kept.push_back(items[i * items.size() / max]);
    kept.push_back(items.back());
    return kept;
}

/// Removes points of a unit-square curve that would not be visible.
std::vector<cv::Point2d> visible(const std::vector<cv::Point2d>& points) {
    std::vector<cv::Point2d> kept;
    for (std::size_t i = 0; i < points.size(); ++i)
        if (kept.empty() || i + 1 == points.size() || cv::norm(points[i] - kept.back()) > 0.002)
            kept.push_back(points[i]);
    return kept;
}

/// The last point whose threshold is not below the one in use.
template <typename Points>
const auto& at_threshold(const Points& points, double threshold) {
    const auto* found = &points.front();
    for (const auto& point : points)
        if (point.threshold >= threshold) found = &point;
    return *found;
}

/// The curve of a class with its thresholds in use; `at` maps a point to coordinates.
template <typename Points, typename At>
void add_curve(Plot& plot, const ClassCurve& curve, const Points& points, const At& at,
               const std::string& color) {
    if (points.empty()) return;
    std::vector<cv::Point2d> places;
    for (const auto& point : points) places.push_back(at(point));
    plot.line(visible(places), color,
              curve.name + (curve.area ? ", area " + figure_text(*curve.area, 3) : std::string()));
    auto shape = Plot::Shape::kDisc;
    for (const auto& mark : curve.marks) {
        if (points.front().threshold < mark.threshold) continue;  // nothing reaches it
        plot.dot(at(at_threshold(points, mark.threshold)), color,
                 mark.name + " from " + figure_text(mark.threshold, 2), shape);
        shape = Plot::Shape::kDiamond;
    }
}

/// An axis that contains all values, with a small margin.
Plot::Axis axis_around(const std::string& label, const std::vector<std::vector<cv::Point2d>>& series) {
    double min = INFINITY, max = -INFINITY;
    for (const auto& points : series)
        for (const auto& point : points) {
            if (!std::isfinite(point.y)) continue;
            min = std::min(min, point.y);
            max = std::max(max, point.y);
        }
    if (min > max) return {label, 0.0, 1.0};
    const double room = std::max(0.05 * (max - min), 1e-3 * std::max(std::abs(max), 1.0));
    return {label, min - room, max + room};
}

template <typename Training, typename Validation>
std::string epochs_plot(const std::vector<TrainingStep>& history, const std::string& what,
                        Plot::Corner legend, const Training& training, const Validation& validation) {
    std::vector<cv::Point2d> trained, validated;
    for (const auto& step : thinned(history)) {
        const auto epoch = static_cast<double>(step.epoch);
        if (const std::optional<double> value = training(step)) trained.emplace_back(epoch, *value);
        if (const std::optional<double> value = validation(step)) validated.emplace_back(epoch, *value);
    }
    const double first = history.empty() ? 0 : history.front().epoch;
    const double last = history.empty() ? 1 : history.back().epoch;
    Plot plot(kWide, {"Epoch", first, last > first ? last : first + 1, true},
              axis_around(what, {trained, validated}), legend);
    plot.line(trained, plot_color(0), "Training");
    plot.line(validated, plot_color(1), "Validation");
    return plot.svg();
}

/// From near white to dark blue.
std::string cell_color(double share) {
    const auto mix = [&](int from, int to) { return std::lround(from + share * (to - from)); };
    return fmt::format("#{:02x}{:02x}{:02x}", mix(0xea, 0x08), mix(0xf1, 0x3d), mix(0xf8, 0x77));
}

/// A cell of a confusion matrix: the count and, below it, its share of the row.
void draw_cell(drawing::Svg& svg, const cv::Rect2d& place, std::int64_t count, std::int64_t of_row,
               int decimals) {
    const double share = of_row ? static_cast<double>(count) / static_cast<double>(of_row) : 0.0;
    const std::string ink = share > 0.4 ? "#ffffff" : "#101010";
    const cv::Point2d middle(place.x + place.width / 2, place.y + place.height / 2);
    svg.rectangle(place, cell_color(share));
    svg.text({middle + cv::Point2d(0, -1), 16, std::to_string(count), ink, drawing::Svg::Anchor::kMiddle});
    svg.text({middle + cv::Point2d(0, 16), 12, figure_text(100 * share, decimals) + " %", ink,
              drawing::Svg::Anchor::kMiddle});
}

void add_reliability(Plot& plot, const ReliabilityCurve& curve, const std::string& color,
                     const std::string& name) {
    std::vector<Plot::Interval> intervals;
    for (const auto& bin : curve.bins) {
        if (bin.samples == 0) continue;
        const auto n = static_cast<double>(bin.samples);
        const auto interval = *ml::wilson_interval(bin.right, bin.samples);
        intervals.push_back(
            {{bin.confidence_sum / n, static_cast<double>(bin.right) / n}, interval.low, interval.high});
    }
    plot.intervals(intervals, color,
                   name + (curve.error ? ", error " + figure_text(*curve.error, 3) : std::string()));
}

}  // namespace

std::string loss_plot(const std::vector<TrainingStep>& history) {
    return epochs_plot(
        history, "Loss", Plot::Corner::kTopRight,
        [](const TrainingStep& step) { return std::optional(step.loss); },
        [](const TrainingStep& step) { return step.validation_loss; });
}

std::string accuracy_plot(const std::vector<TrainingStep>& history) {
    return epochs_plot(
        history, "Accuracy", Plot::Corner::kBottomRight,
        [](const TrainingStep& step) { return step.accuracy; },
        [](const TrainingStep& step) { return step.validation_accuracy; });
}

std::string confusion_plot(const ml::ConfusionMatrix& matrix, const std::vector<std::string>& classes) {
    using Anchor = drawing::Svg::Anchor;
    constexpr double kLeft = 130, kTop = 12, kRight = 20, kFontSize = 15;
    const int n = matrix.classes();
    const bool many = n > 4;
    const cv::Size size(kWide.width, many ? 560 : 440);
    const double bottom = many ? 110 : 60;
    const double side = std::min((size.width - kLeft - kRight) / n, (size.height - kTop - bottom) / n);
    auto svg = plot_paper(size);
    for (int truth = 0; truth < n; ++truth) {
        std::int64_t of_row = 0;
        for (int answer = 0; answer < n; ++answer) of_row += matrix.count(truth, answer);
        for (int answer = 0; answer < n; ++answer)
            draw_cell(svg, {kLeft + answer * side + 1, kTop + truth * side + 1, side - 2, side - 2},
                      matrix.count(truth, answer), of_row, many ? 0 : 1);
        const auto& name = classes[static_cast<std::size_t>(truth)];
        const double middle = (truth + 0.5) * side, below = kTop + n * side + kFontSize + 4;
        svg.text({{kLeft - 8, kTop + middle + 5}, kFontSize, name, "currentColor", Anchor::kEnd});
        svg.text({{kLeft + middle, below},
                  kFontSize,
                  name,
                  "currentColor",
                  many ? Anchor::kEnd : Anchor::kMiddle,
                  many ? -35.0 : 0.0});
    }
    svg.text(
        {{kLeft + n * side / 2, size.height - 8.0}, kFontSize, "Answer", "currentColor", Anchor::kMiddle});
    svg.text({{18, kTop + n * side / 2}, kFontSize, "Truth", "currentColor", Anchor::kMiddle, -90});
    return svg.file();
}

std::string roc_plot(const std::vector<ClassCurve>& curves) {
    Plot plot(kSquare, {"False positive rate"}, {"True positive rate"}, Plot::Corner::kBottomRight);
    plot.line({{0, 0}, {1, 1}}, kPlotGray, "", true);
    for (std::size_t k = 0; k < curves.size(); ++k)
        add_curve(
            plot, curves[k], ml::roc_curve(curves[k].counts),
            [](const ml::RocPoint& point) {
                return cv::Point2d(point.false_positive_rate, point.true_positive_rate);
            },
            plot_color(k));
    return plot.svg();
}

std::string precision_recall_plot(const std::vector<ClassCurve>& curves) {
    Plot plot(kSquare, {"Recall"}, {"Precision"}, Plot::Corner::kBottomLeft);
    for (std::size_t k = 0; k < curves.size(); ++k) {
        auto curve = curves[k];
        curve.area.reset();  // it is the area under the ROC curve
        add_curve(
            plot, curve, ml::precision_recall_curve(curve.counts),
            [](const ml::PrecisionRecallPoint& point) { return cv::Point2d(point.recall, point.precision); },
            plot_color(k));
    }
    return plot.svg();
}

std::string reliability_plot(const ReportFigures& figures) {
    Plot plot(kSquare, {"Probability of the most likely class"}, {"Share of answers that are right"},
              Plot::Corner::kTopLeft);
    std::int64_t all = 0;
    for (const auto& bin : figures.calibrated.bins) all += bin.samples;
    std::vector<Plot::Bar> shares;
    for (const auto& bin : figures.calibrated.bins)
        if (bin.samples > 0) {
            const double gap = 0.05 * (bin.high - bin.low);
            shares.push_back(
                {bin.low + gap, bin.high - gap, static_cast<double>(bin.samples) / static_cast<double>(all)});
        }
    plot.bars(shares, "share of the pictures");
    plot.line({{0, 0}, {1, 1}}, kPlotGray, "", true);
    if (figures.uncalibrated)
        add_reliability(plot, *figures.uncalibrated, plot_color(1), "before calibration");
    add_reliability(plot, figures.calibrated, plot_color(0),
                    figures.uncalibrated ? "after calibration" : "as it is");
    return plot.svg();
}

std::string agreement_plot(const VoteFigures& votes) {
    Plot plot(kSquare, {"Probability of the label"}, {"Share of people who agree"}, Plot::Corner::kTopLeft);
    plot.line({{0, 0}, {1, 1}}, kPlotGray, "", true);
    for (std::size_t k = 0; k < votes.labels.size(); ++k) {
        const auto& label = votes.labels[k];
        std::vector<cv::Point2d> points;
        for (const auto& bin : label.reliability)
            if (bin.samples > 0)
                points.emplace_back(bin.probability_sum / static_cast<double>(bin.samples),
                                    bin.share_sum / static_cast<double>(bin.samples));
        plot.line(
            points, plot_color(k),
            label.name + (label.calibration_error ? ", error " + figure_text(*label.calibration_error, 3)
                                                  : std::string()));
    }
    return plot.svg();
}

}  // namespace emotion::training
