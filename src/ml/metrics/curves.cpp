#include "ml/metrics/curves.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>

namespace emotion::ml {
namespace {

void require_same_length(std::size_t a, std::size_t b) {
    if (a != b)
        throw std::invalid_argument("curves: " + std::to_string(a) + " values beside " + std::to_string(b));
}

}  // namespace

std::vector<ThresholdCounts> threshold_curve(std::span<const double> scores,
                                             std::span<const std::uint8_t> positive) {
    require_same_length(scores.size(), positive.size());
    std::vector<std::size_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
    BinaryCounts counts;
    counts.fn = std::count_if(positive.begin(), positive.end(), [](std::uint8_t one) { return one != 0; });
    counts.tn = static_cast<std::int64_t>(positive.size()) - counts.fn;
    std::vector<ThresholdCounts> curve;
    for (std::size_t i = 0; i < order.size(); ++i) {
        ++(positive[order[i]] ? counts.tp : counts.fp);
        --(positive[order[i]] ? counts.fn : counts.tn);
        if (i + 1 == order.size() || scores[order[i + 1]] != scores[order[i]])
            curve.push_back({scores[order[i]], counts});
    }
    return curve;
}

std::vector<RocPoint> roc_curve(std::span<const ThresholdCounts> curve) {
    if (curve.empty()) return {};
    const auto& all = curve.back().counts;  // with everything predicted positive
    if (all.tp == 0 || all.fp == 0) return {};
    std::vector<RocPoint> points{{std::nextafter(curve.front().threshold, 2.0), 0.0, 0.0}};
    for (const auto& [threshold, counts] : curve)
        points.push_back({threshold, static_cast<double>(counts.fp) / static_cast<double>(all.fp),
                          static_cast<double>(counts.tp) / static_cast<double>(all.tp)});
    return points;
}

std::vector<PrecisionRecallPoint> precision_recall_curve(std::span<const ThresholdCounts> curve) {
    if (curve.empty() || curve.back().counts.tp == 0) return {};
    std::vector<PrecisionRecallPoint> points;
    for (const auto& [threshold, counts] : curve)
        points.push_back({threshold, *recall(counts), *precision(counts)});
    return points;
}

std::vector<ReliabilityBin> reliability_bins(std::span<const double> confidence,
                                             std::span<const std::uint8_t> right, int bins) {
    require_same_length(confidence.size(), right.size());
    if (bins < 1)
        throw std::invalid_argument("reliability_bins: " + std::to_string(bins) +
                                    " bins, expected one or more");
    std::vector<ReliabilityBin> result(static_cast<std::size_t>(bins));
    for (int bin = 0; bin < bins; ++bin) {
        result[static_cast<std::size_t>(bin)].low = static_cast<double>(bin) / bins;
        result[static_cast<std::size_t>(bin)].high = static_cast<double>(bin + 1) / bins;
    }
    for (std::size_t i = 0; i < confidence.size(); ++i) {
        const int place = std::clamp(static_cast<int>(std::ceil(confidence[i] * bins)) - 1, 0, bins - 1);
        auto& bin = result[static_cast<std::size_t>(place)];
        ++bin.samples;
        bin.right += right[i] ? 1 : 0;
        bin.confidence_sum += confidence[i];
    }
    return result;
}

}  // namespace emotion::ml
