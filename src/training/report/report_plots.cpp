#include "training/report/report_plots.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <sstream>

#include "training/evaluation/figure_text.hpp"
#include "training/report/gnuplot.hpp"

namespace emotion::training {
namespace {

/// Told apart by people who do not tell all colours apart, on white and on black (Okabe and Ito, "Color
/// universal design", 2008).
const std::vector<std::string> kColours{"#0072b2", "#d55e00", "#009e73", "#cc79a7"};
const char* const kGrey = "#888888";

/// A script in the making: what to plot is named first, its data kept apart.
class Plot {
  public:
    Plot(int width, int height) {
        script_ << std::setprecision(9) << "set terminal svg size " << width << "," << height
                << " dynamic noenhanced font 'sans-serif,17'\n"
                << "set encoding utf8\nset border 3\nset tics nomirror out scale 0.6\n"
                << "set grid lc rgb '" << kGrey << "' lw 0.3\n";
    }

    Plot& set(const std::string& what) {
        script_ << "set " << what << '\n';
        return *this;
    }
    Plot& axes(const std::string& x, const std::string& y) {
        return set("xlabel " + gnuplot_string(x)).set("ylabel " + gnuplot_string(y));
    }
    Plot& unit_square() { return set("xrange [0:1]").set("yrange [0:1]").set("size ratio 0.8"); }

    /// Rows of data drawn `with` a style; an empty title leaves it out of the legend.
    void add(const std::vector<std::vector<double>>& rows, const std::string& with,
             const std::string& title = {}) {
        if (rows.empty()) return;
        const auto name = "$data" + std::to_string(++blocks_);
        script_ << name << " << END\n";
        for (const auto& row : rows) {
            for (const double value : row) script_ << value << ' ';
            script_ << '\n';
        }
        script_ << "END\n";
        parts_ += (parts_.empty() ? "" : ", ") + name + " " + with +
                  (title.empty() ? " notitle" : " title " + gnuplot_string(title));
    }

    std::string draw() const {
        auto svg = run_gnuplot(script_.str() + "plot " + (parts_.empty() ? "NaN notitle" : parts_) + "\n");
        // In the browser's own colours: what gnuplot calls black is the ink, and the paper is left out.
        const char* const style =
            "<style>@media (prefers-color-scheme: dark) {"
            " [fill='black'], [fill=\"black\"] { fill: #e4e4e4 }"
            " [stroke='black'], [stroke=\"black\"] { stroke: #e4e4e4 }"
            " [color='black'], [color=\"black\"] { color: #e4e4e4 } }</style>\n";
        if (const auto head = svg.find("<title>"); head != std::string::npos) svg.insert(head, style);
        return svg;
    }

  private:
    std::ostringstream script_;
    std::string parts_;
    int blocks_ = 0;
};

std::string line(std::size_t colour, const std::string& more = {}) {
    return "with lines lw 2.2 lc rgb '" + kColours[colour % kColours.size()] + "' " + more;
}

/// At most so many points, the last among them.
template <typename Item>
std::vector<Item> thinned(const std::vector<Item>& items, std::size_t most = 800) {
    if (items.size() <= most) return items;
    std::vector<Item> kept;
    for (std::size_t i = 0; i < most; ++i) kept.push_back(items[i * items.size() / most]);
    kept.push_back(items.back());
    return kept;
}

/// Points of a curve in the unit square without those that nobody could see.
std::vector<std::vector<double>> visible(const std::vector<std::vector<double>>& points) {
    std::vector<std::vector<double>> kept;
    for (std::size_t i = 0; i < points.size(); ++i)
        if (kept.empty() || i + 1 == points.size() ||
            std::hypot(points[i][0] - kept.back()[0], points[i][1] - kept.back()[1]) > 0.002)
            kept.push_back(points[i]);
    return kept;
}

/// The last of the points whose threshold is not below the one in use: (x, y).
template <typename Points, typename At>
std::vector<double> at_threshold(const Points& points, double threshold, const At& at) {
    const auto* found = &points.front();
    for (const auto& point : points)
        if (point.threshold >= threshold) found = &point;
    return at(*found);
}

template <typename CurveOf, typename At>
void add_curves(Plot& plot, const std::vector<ClassCurve>& curves, const CurveOf& points_of, const At& at,
                const std::function<std::string(const ClassCurve&)>& title) {
    for (std::size_t k = 0; k < curves.size(); ++k) {
        const auto points = points_of(curves[k].counts);
        if (points.empty()) continue;
        std::vector<std::vector<double>> line_points;
        for (const auto& point : points) line_points.push_back(at(point));
        plot.add(visible(line_points), line(k), title(curves[k]));
        int shape = 7;
        for (const auto& mark : curves[k].marks) {
            plot.add({at_threshold(points, mark.threshold, at)},
                     "with points pt " + std::to_string(shape) + " ps 1.2 lc rgb '" +
                         kColours[k % kColours.size()] + "'",
                     mark.name + " from " + figure_text(mark.threshold, 2));
            shape = 13;
        }
    }
}

template <typename Training, typename Validation>
std::string epochs_plot(const std::vector<TrainingStep>& history, const std::string& what,
                        const std::string& key, const Training& training, const Validation& validation) {
    std::vector<std::vector<double>> trained, validated;
    for (const auto& step : thinned(history)) {
        if (const auto value = training(step)) trained.push_back({static_cast<double>(step.epoch), *value});
        if (const auto value = validation(step))
            validated.push_back({static_cast<double>(step.epoch), *value});
    }
    Plot plot(640, 400);
    plot.axes("Epoch", what).set("key " + key).set("offsets graph 0, 0, 0.05, 0.05");
    plot.add(trained, trained.size() == 1 ? "with points pt 7 lc rgb '#0072b2'" : line(0), "Training");
    plot.add(validated, validated.size() == 1 ? "with points pt 7 lc rgb '#d55e00'" : line(1), "Validation");
    return plot.draw();
}

}  // namespace

std::string loss_plot(const std::vector<TrainingStep>& history) {
    return epochs_plot(
        history, "Loss", "top right", [](const TrainingStep& step) { return std::optional(step.loss); },
        [](const TrainingStep& step) { return step.validation_loss; });
}

std::string accuracy_plot(const std::vector<TrainingStep>& history) {
    return epochs_plot(
        history, "Accuracy", "bottom right", [](const TrainingStep& step) { return step.accuracy; },
        [](const TrainingStep& step) { return step.validation_accuracy; });
}

std::string confusion_plot(const ml::ConfusionMatrix& matrix, const std::vector<std::string>& classes) {
    const int n = matrix.classes();
    Plot plot(640, n > 4 ? 560 : 440);
    plot.axes("Answer", "Truth").set("border 0").set("tics scale 0").set("size ratio -1");
    plot.set("grid noxtics noytics");
    plot.set("xrange [-0.5:" + std::to_string(n) + "-0.5]");
    plot.set("yrange [" + std::to_string(n) + "-0.5:-0.5]");
    std::string ticks;
    for (int k = 0; k < n; ++k)
        ticks +=
            (k ? "," : "") + gnuplot_string(classes[static_cast<std::size_t>(k)]) + " " + std::to_string(k);
    plot.set("xtics (" + ticks + ")").set("ytics (" + ticks + ")");
    if (n > 4) plot.set("xtics rotate by 35 right");
    std::vector<std::vector<double>> cells;
    int label = 0;
    for (int truth = 0; truth < n; ++truth) {
        std::int64_t row = 0;
        for (int answer = 0; answer < n; ++answer) row += matrix.count(truth, answer);
        for (int answer = 0; answer < n; ++answer) {
            const auto count = matrix.count(truth, answer);
            const double share = row ? static_cast<double>(count) / static_cast<double>(row) : 0.0;
            // From near white to dark blue.
            const auto mix = [&](int from, int to) { return std::lround(from + share * (to - from)); };
            const auto colour = mix(0xea, 0x08) * 65536 + mix(0xf1, 0x3d) * 256 + mix(0xf8, 0x77);
            cells.push_back({double(answer), double(truth), answer - 0.49, answer + 0.49, truth - 0.49,
                             truth + 0.49, static_cast<double>(colour)});
            const std::string ink = share > 0.4 ? "#ffffff" : "#101010";
            const auto place = std::to_string(answer) + "," + std::to_string(truth);
            plot.set("label " + std::to_string(++label) + " '" + std::to_string(count) + "' at " + place +
                     " center offset 0," + (n > 4 ? "0.3" : "0.4") + " front tc rgb '" + ink + "'");
            plot.set("label " + std::to_string(++label) + " '" + figure_text(100 * share, n > 4 ? 0 : 1) +
                     " %' at " + place + " center offset 0,-0.6 front font ',13' tc rgb '" + ink + "'");
        }
    }
    plot.add(cells, "using 1:2:3:4:5:6:7 with boxxyerror fill solid noborder lc rgb variable");
    return plot.draw();
}

std::string roc_plot(const std::vector<ClassCurve>& curves) {
    Plot plot(640, 520);
    plot.axes("False positive rate", "True positive rate").unit_square().set("key bottom right");
    plot.add({{0, 0}, {1, 1}}, std::string("with lines dt 2 lc rgb '") + kGrey + "'");
    add_curves(
        plot, curves, [](const auto& counts) { return ml::roc_curve(counts); },
        [](const ml::RocPoint& point) {
            return std::vector{point.false_positive_rate, point.true_positive_rate};
        },
        [](const ClassCurve& curve) {
            return curve.name + (curve.area ? ", area " + figure_text(*curve.area, 3) : std::string());
        });
    return plot.draw();
}

std::string precision_recall_plot(const std::vector<ClassCurve>& curves) {
    Plot plot(640, 520);
    plot.axes("Recall", "Precision").unit_square().set("key bottom left");
    add_curves(
        plot, curves, [](const auto& counts) { return ml::precision_recall_curve(counts); },
        [](const ml::PrecisionRecallPoint& point) {
            return std::vector{point.recall, point.precision};
        },
        [](const ClassCurve& curve) { return curve.name; });
    return plot.draw();
}

std::string reliability_plot(const ReportFigures& figures) {
    Plot plot(640, 520);
    plot.axes("Probability given to the likeliest class", "Share of answers that are right");
    plot.unit_square().set("key top left Left reverse");
    plot.add({{0, 0}, {1, 1}}, std::string("with lines dt 2 lc rgb '") + kGrey + "'");
    std::int64_t all = 0;
    for (const auto& bin : figures.calibrated.bins) all += bin.samples;
    std::vector<std::vector<double>> shares;
    for (const auto& bin : figures.calibrated.bins)
        if (bin.samples > 0)
            shares.push_back({(bin.low + bin.high) / 2,
                              static_cast<double>(bin.samples) / static_cast<double>(all),
                              (bin.high - bin.low) * 0.9});
    plot.add(shares, std::string("using 1:2:3 with boxes fill solid 0.25 noborder lc rgb '") + kGrey + "'",
             "share of the pictures");
    const auto add = [&](const ReliabilityCurve& curve, std::size_t colour, const std::string& name) {
        std::vector<std::vector<double>> points;
        for (const auto& bin : curve.bins) {
            if (bin.samples == 0) continue;
            const auto n = static_cast<double>(bin.samples);
            const auto interval = *ml::wilson_interval(bin.right, bin.samples);
            points.push_back(
                {bin.confidence_sum / n, static_cast<double>(bin.right) / n, interval.low, interval.high});
        }
        plot.add(points,
                 "using 1:2:3:4 with yerrorlines pt 7 ps 0.6 lw 1.4 lc rgb '" + kColours[colour] + "'",
                 name + (curve.error ? ", error " + figure_text(*curve.error, 3) : std::string()));
    };
    if (figures.uncalibrated) add(*figures.uncalibrated, 1, "before calibration");
    add(figures.calibrated, 0, figures.uncalibrated ? "after calibration" : "as it is");
    return plot.draw();
}

std::string agreement_plot(const VoteFigures& votes) {
    Plot plot(640, 520);
    plot.axes("Probability given to the label", "Share of people who say so").unit_square();
    plot.set("key top left Left reverse");
    plot.add({{0, 0}, {1, 1}}, std::string("with lines dt 2 lc rgb '") + kGrey + "'");
    for (std::size_t k = 0; k < votes.labels.size(); ++k) {
        const auto& label = votes.labels[k];
        std::vector<std::vector<double>> points;
        for (const auto& bin : label.reliability)
            if (bin.samples > 0)
                points.push_back({bin.probability_sum / static_cast<double>(bin.samples),
                                  bin.share_sum / static_cast<double>(bin.samples)});
        plot.add(points, "with linespoints pt 7 ps 0.6 lw 1.4 lc rgb '" + kColours[k % kColours.size()] + "'",
                 label.name + (label.calibration_error ? ", error " + figure_text(*label.calibration_error, 3)
                                                       : std::string()));
    }
    return plot.draw();
}

}  // namespace emotion::training
