#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ml/core/api.hpp"
#include "ml/metrics/metrics.hpp"

namespace emotion::ml {

// What becomes of a classifier as its threshold falls, and how honest its confidence is: the points that are
// drawn. Lengths that differ throw std::invalid_argument. Safe to share between threads.

/// Samples whose score is at least `threshold` taken as positive.
struct ThresholdCounts {
    double threshold = 0.0;
    BinaryCounts counts;
};

/// For each distinct score from the highest to the lowest; empty without samples. `positive` holds 0 or 1 for
/// each score. (Fawcett, "An introduction to ROC analysis", 2006, algorithm 1.)
EMOTION_ML_API std::vector<ThresholdCounts> threshold_curve(std::span<const double> scores,
                                                            std::span<const std::uint8_t> positive);

/// Recall, the true positive rate, over the false positive rate, from (0, 0) to (1, 1); empty where one of
/// the two kinds is missing.
struct RocPoint {
    double threshold = 0.0, false_positive_rate = 0.0, true_positive_rate = 0.0;
};
EMOTION_ML_API std::vector<RocPoint> roc_curve(std::span<const ThresholdCounts> curve);

/// Precision over recall; empty where there are no positives.
struct PrecisionRecallPoint {
    double threshold = 0.0, recall = 0.0, precision = 0.0;
};
EMOTION_ML_API std::vector<PrecisionRecallPoint> precision_recall_curve(
    std::span<const ThresholdCounts> curve);

/// The samples whose confidence lies in (low, high], as calibration_error() parts them.
struct ReliabilityBin {
    double low = 0.0, high = 0.0;
    std::int64_t samples = 0, right = 0;
    double confidence_sum = 0.0;
};
EMOTION_ML_API std::vector<ReliabilityBin> reliability_bins(std::span<const double> confidence,
                                                            std::span<const std::uint8_t> right,
                                                            int bins = 15);

}  // namespace emotion::ml
