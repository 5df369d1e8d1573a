#include "training/report/plot.hpp"

#include <limits>
#include <regex>

#include "drawing/svg.hpp"
#include "support/catch.hpp"
#include "training/report/report_plots.hpp"

namespace plot_test {

using namespace emotion;
using namespace emotion::training;

namespace {

/// The plot area is 300 by 200 pixels, from (68, 14) to (368, 214).
const cv::Size kSize(386, 268);

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

Plot unit_plot(Plot::Corner legend = Plot::Corner::kTopLeft) {
    return {kSize, {"Across"}, {"Up"}, legend};
}

TrainingStep step(int epoch, double loss, std::optional<double> validation_loss) {
    TrainingStep step;
    step.epoch = epoch;
    step.loss = loss;
    step.validation_loss = validation_loss;
    return step;
}

}  // namespace

TEST_CASE("Ticks are round numbers within the axis") {
    CHECK(ticks({"", 0, 1}).size() == 6);
    CHECK(ticks({"", 0, 1})[1] == Approx(0.2));
    CHECK(ticks({"", 1, 100}) == std::vector<double>{20, 40, 60, 80, 100});
    CHECK(ticks({"", 0.613, 0.655}).front() == Approx(0.62));
    CHECK(ticks({"", -3, 3}).front() == -3);
    CHECK(ticks({"", 1, 3, true}) == std::vector<double>{1, 2, 3});
    CHECK(ticks({"", 1, 3}).size() == 5);
}

TEST_CASE("Axes have labels and numbers, with zero at the lower left") {
    const auto svg = unit_plot().svg();
    CHECK(count(svg, ">Across</text>") == 1);
    CHECK(count(svg, "rotate(-90 ") == 1);
    for (const auto* number : {"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"})
        CHECK(count(svg, ">" + std::string(number) + "</text>") == 2);
    CHECK(count(svg, "points=\"68.0,14.0 68.0,214.0 368.0,214.0\"") == 1);
    CHECK(count(svg, "prefers-color-scheme: dark") == 1);
}

TEST_CASE("Series are drawn at their values and named in the legend") {
    auto plot = unit_plot();
    const double nan = std::numeric_limits<double>::quiet_NaN();
    plot.line({{0, 0}, {0.25, nan}, {0.5, 0.5}, {1, 1}}, "#123456", "rising & <fast>");
    plot.line({{0, 0}, {1, 1}}, "#888888", "", true);
    plot.line({{0.5, 0.25}}, "#00ff00", "");
    plot.dot({1, 0}, "#ff0000", "corner", Plot::Shape::kDisc);
    plot.dot({0, 1}, "#0000ff", "other", Plot::Shape::kDiamond);
    plot.dot({nan, 1}, "#0000ff", "nowhere", Plot::Shape::kDisc);
    plot.bars({{0.1, 0.2, 0.5}}, "bars");
    const auto svg = plot.svg();
    CHECK(count(svg, "points=\"68.0,214.0 218.0,114.0 368.0,14.0\" fill=\"none\" stroke=\"#123456\"") == 1);
    CHECK(count(svg, "stroke-dasharray") == 1);
    CHECK(count(svg, "cx=\"218.0\" cy=\"164.0\" r=\"5.0\" fill=\"#00ff00\"") == 1);
    CHECK(count(svg, "cx=\"368.0\" cy=\"214.0\" r=\"5.0\" fill=\"#ff0000\"") == 1);
    CHECK(count(svg, "<polygon points=\"61.5,14.0 ") == 1);
    CHECK(count(svg, "<rect x=\"98.0\" y=\"114.0\" width=\"30.0\" height=\"100.0\"") == 1);
    CHECK(count(svg, ">rising &amp; &lt;fast></text>") == 1);
    for (const auto* title : {"corner", "other", "bars"})
        CHECK(count(svg, ">" + std::string(title) + "</text>") == 1);
    CHECK(count(svg, "nowhere") == 0);
    CHECK(count(svg, "nan") == 0);
}

TEST_CASE("An interval is a dot with an error bar") {
    auto plot = unit_plot();
    plot.intervals({{{0.5, 0.5}, 0.25, 1.0}, {{1.0, 1.0}, 0.5, 1.0}}, "#123456", "");
    const auto svg = plot.svg();
    CHECK(count(svg, "points=\"218.0,164.0 218.0,14.0\"") == 1);
    CHECK(count(svg, "points=\"214.0,164.0 222.0,164.0\"") == 1);
    CHECK(count(svg, "r=\"3.5\" fill=\"#123456\"") == 2);
    CHECK(count(svg, "points=\"218.0,114.0 368.0,14.0\"") == 1);
}

TEST_CASE("Losses are drawn over epochs") {
    const auto svg = loss_plot({step(1, 0.9, 1.0), step(2, 0.5, 0.7), step(3, 0.4, 0.8)});
    for (const auto* text : {"Epoch", "Loss", "Training", "Validation", "1", "2", "3"})
        CHECK(count(svg, ">" + std::string(text) + "</text>") >= 1);
    const std::regex three("points=\"\\S+ \\S+ \\S+\" fill=\"none\" stroke=\"#(0072b2|d55e00)\"");
    CHECK(std::distance(std::sregex_iterator(svg.begin(), svg.end(), three), {}) == 2);
    const auto one = loss_plot({step(1, 0.9, std::nullopt)});
    CHECK(count(one, "fill=\"#0072b2\"") == 2);  // the dot and its legend entry
    CHECK(count(one, "Validation") == 0);
}

TEST_CASE("A confusion matrix shows each count and its share of the row") {
    ml::ConfusionMatrix matrix(2);
    for (int i = 0; i < 3; ++i) matrix.add(0, 0);
    matrix.add(0, 1);
    matrix.add(1, 1);
    const auto svg = confusion_plot(matrix, {"happy", "fear"});
    for (const auto* text : {"3", "75.0 %", "25.0 %", "0", "0.0 %", "100.0 %", "Truth", "Answer"})
        CHECK(count(svg, ">" + std::string(text) + "</text>") == 1);
    CHECK(count(svg, ">1</text>") == 2);
    for (const auto* name : {"happy", "fear"}) CHECK(count(svg, ">" + std::string(name) + "</text>") == 2);
    CHECK(count(svg, "fill=\"#083d77\"") == 1);  // all of a row
    CHECK(count(svg, "fill=\"#eaf1f8\"") == 1);  // nothing of it
}

}  // namespace plot_test
