#include "ml/metrics/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>

#include "ml/metrics/curves.hpp"

namespace emotion::ml {

std::optional<double> proportion(std::int64_t part, std::int64_t whole) {
    if (whole == 0) return std::nullopt;
    return static_cast<double>(part) / static_cast<double>(whole);
}

std::optional<double> precision(const BinaryCounts& counts) {
    return proportion(counts.tp, counts.tp + counts.fp);
}

std::optional<double> recall(const BinaryCounts& counts) {
    return proportion(counts.tp, counts.tp + counts.fn);
}

std::optional<double> f1_score(const BinaryCounts& counts) {
    return proportion(2 * counts.tp, 2 * counts.tp + counts.fp + counts.fn);
}

ConfusionMatrix::ConfusionMatrix(int classes) : classes_(classes) {
    if (classes < 1)
        throw std::invalid_argument("ConfusionMatrix: " + std::to_string(classes) +
                                    " classes, expected one or more");
    counts_.resize(static_cast<std::size_t>(classes) * classes);
}

void ConfusionMatrix::add(int truth, int predicted) {
    if (truth < 0 || truth >= classes_ || predicted < 0 || predicted >= classes_)
        throw std::invalid_argument("ConfusionMatrix: class " + std::to_string(truth) + " taken for " +
                                    std::to_string(predicted) + " among " + std::to_string(classes_));
    ++counts_[static_cast<std::size_t>(truth) * classes_ + predicted];
}

std::int64_t ConfusionMatrix::count(int truth, int predicted) const {
    return counts_.at(static_cast<std::size_t>(truth) * classes_ + predicted);
}

std::int64_t ConfusionMatrix::total() const {
    return std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0});
}

std::optional<double> ConfusionMatrix::accuracy() const {
    std::int64_t right = 0;
    for (int k = 0; k < classes_; ++k) right += count(k, k);
    return proportion(right, total());
}

std::optional<double> ConfusionMatrix::balanced_accuracy() const {
    double sum = 0.0;
    int classes_seen = 0;
    for (int k = 0; k < classes_; ++k)
        if (const auto recall_of_class = recall(against_rest(k))) {
            sum += *recall_of_class;
            ++classes_seen;
        }
    if (classes_seen == 0) return std::nullopt;
    return sum / classes_seen;
}

BinaryCounts ConfusionMatrix::against_rest(int positive) const {
    BinaryCounts counts;
    for (int truth = 0; truth < classes_; ++truth)
        for (int predicted = 0; predicted < classes_; ++predicted) {
            auto& cell = truth == positive ? (predicted == positive ? counts.tp : counts.fn)
                                           : (predicted == positive ? counts.fp : counts.tn);
            cell += count(truth, predicted);
        }
    return counts;
}

std::optional<double> area_under_roc(std::span<const double> scores, std::span<const std::uint8_t> positive) {
    // Trapezoids over the thresholds, counted in pairs: multiples of 1/2, so the sum is exact.
    double pairs_in_order = 0.0;
    BinaryCounts before;
    for (const auto& [threshold, now] : threshold_curve(scores, positive)) {
        pairs_in_order +=
            static_cast<double>(now.fp - before.fp) * 0.5 * static_cast<double>(before.tp + now.tp);
        before = now;
    }
    if (before.tp == 0 || before.fp == 0) return std::nullopt;
    return pairs_in_order / (static_cast<double>(before.fp) * static_cast<double>(before.tp));
}

std::optional<double> log_loss(std::span<const double> probability_of_truth) {
    if (probability_of_truth.empty()) return std::nullopt;
    double sum = 0.0;
    for (const double probability : probability_of_truth) sum -= std::log(std::max(probability, 1e-15));
    return sum / static_cast<double>(probability_of_truth.size());
}

std::optional<double> calibration_error(std::span<const double> confidence,
                                        std::span<const std::uint8_t> right, int bins) {
    const auto parts = reliability_bins(confidence, right, bins);
    if (confidence.empty()) return std::nullopt;
    // For a bin, |mean confidence - fraction right| * samples is |sum of the differences|.
    double sum = 0.0;
    for (const auto& bin : parts) sum += std::abs(bin.confidence_sum - static_cast<double>(bin.right));
    return sum / static_cast<double>(confidence.size());
}

std::optional<Interval> wilson_interval(std::int64_t successes, std::int64_t trials) {
    if (successes < 0 || successes > trials)
        throw std::invalid_argument("wilson_interval: " + std::to_string(successes) + " of " +
                                    std::to_string(trials));
    if (trials == 0) return std::nullopt;
    return wilson_interval_of_share(static_cast<double>(successes) / static_cast<double>(trials), trials);
}

Interval wilson_interval_of_share(double share, std::int64_t trials) {
    constexpr double z = 1.959963984540054;  // the 97.5 % quantile of the normal distribution
    const double n = static_cast<double>(trials), p = share;
    const double center = (p + z * z / (2 * n)) / (1 + z * z / n);
    const double half = z / (1 + z * z / n) * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    return Interval{std::max(0.0, center - half), std::min(1.0, center + half)};
}

std::optional<PairedDifference> paired_difference(std::span<const double> a, std::span<const double> b) {
    if (a.size() != b.size())
        throw std::invalid_argument("paired_difference: " + std::to_string(a.size()) + " values beside " +
                                    std::to_string(b.size()));
    if (a.size() < 2) return std::nullopt;
    const auto n = static_cast<double>(a.size());
    double mean = 0.0, squares = 0.0;
    for (std::size_t i = 0; i < a.size(); ++i) mean += (a[i] - b[i]) / n;
    for (std::size_t i = 0; i < a.size(); ++i) squares += (a[i] - b[i] - mean) * (a[i] - b[i] - mean);
    return PairedDifference{mean, std::sqrt(squares / (n - 1.0) / n)};
}

}  // namespace emotion::ml
