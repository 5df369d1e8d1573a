#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ml/core/api.hpp"
#include "ml/metrics/metrics.hpp"

namespace emotion::ml {

// Curves of a classifier over its threshold, and of its calibration. Lengths that differ throw
// std::invalid_argument. Thread-safe.

/// Counts with samples of a score of at least `threshold` predicted positive.
struct ThresholdCounts {
    double threshold = 0.0;
    BinaryCounts counts;
};

/// One entry for each distinct score, highest first; empty without samples. `positive` holds 0 or 1 for each
/// score. (Fawcett, "An introduction to ROC analysis", 2006, algorithm 1.)
EMOTION_ML_API std::vector<ThresholdCounts> threshold_curve(std::span<const double> scores,
                                                            std::span<const std::uint8_t> positive);

/// Recall (the true positive rate) over the false positive rate, from (0, 0) to (1, 1); empty without
/// positives or without negatives.
struct RocPoint {
    double threshold = 0.0, false_positive_rate = 0.0, true_positive_rate = 0.0;
};
EMOTION_ML_API std::vector<RocPoint> roc_curve(std::span<const ThresholdCounts> curve);

/// Precision over recall; empty without positives.
struct PrecisionRecallPoint {
    double threshold = 0.0, recall = 0.0, precision = 0.0;
};
EMOTION_ML_API std::vector<PrecisionRecallPoint> precision_recall_curve(
    std::span<const ThresholdCounts> curve);

/// The samples whose confidence lies in (low, high], the bins of calibration_error().
struct ReliabilityBin {
    double low = 0.0, high = 0.0;
    std::int64_t samples = 0, right = 0;
    double confidence_sum = 0.0;
};
EMOTION_ML_API std::vector<ReliabilityBin> reliability_bins(std::span<const double> confidence,
                                                            std::span<const std::uint8_t> right,
                                                            int bins = 15);

}  // namespace emotion::ml
