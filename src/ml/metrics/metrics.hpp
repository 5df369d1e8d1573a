#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ml/core/api.hpp"

namespace emotion::ml {

// Metrics of a classifier. Undefined values (0/0) are nullopt, never NaN. Lengths that differ throw
// std::invalid_argument. Thread-safe.

/// part / whole.
EMOTION_ML_API std::optional<double> proportion(std::int64_t part, std::int64_t whole);

/// Counts of true (t) and false (f) positives (p) and negatives (n).
struct BinaryCounts {
    std::int64_t tp = 0, tn = 0, fp = 0, fn = 0;

    bool operator==(const BinaryCounts&) const = default;
};

/// tp / (tp + fp).
EMOTION_ML_API std::optional<double> precision(const BinaryCounts& counts);
/// tp / (tp + fn).
EMOTION_ML_API std::optional<double> recall(const BinaryCounts& counts);
/// 2 tp / (2 tp + fp + fn).
EMOTION_ML_API std::optional<double> f1_score(const BinaryCounts& counts);

/// Counts of pictures by true and predicted class.
class EMOTION_ML_API ConfusionMatrix {
  public:
    /// Starts with zero counts. Throws std::invalid_argument for less than one class.
    explicit ConfusionMatrix(int classes);

    /// Classes count from 0. Throws std::invalid_argument for an invalid class.
    void add(int truth, int predicted);
    int classes() const { return classes_; }
    std::int64_t count(int truth, int predicted) const;
    std::int64_t total() const;

    std::optional<double> accuracy() const;
    /// The mean recall over the classes that occur.
    std::optional<double> balanced_accuracy() const;
    /// One class against all others.
    BinaryCounts against_rest(int positive) const;

  private:
    int classes_;
    std::vector<std::int64_t> counts_;  // rows are true classes
};

/// The probability that a positive sample scores higher than a negative one, ties counting half (Fawcett, "An
/// introduction to ROC analysis", 2006). `positive` holds 0 or 1 for each score.
EMOTION_ML_API std::optional<double> area_under_roc(std::span<const double> scores,
                                                    std::span<const std::uint8_t> positive);

/// The mean of -log of the probability of the true class, clamped to at least 1e-15.
EMOTION_ML_API std::optional<double> log_loss(std::span<const double> probability_of_truth);

/// Expected calibration error: the gap between confidence and accuracy, averaged over bins of equal width
/// (b/bins, (b+1)/bins] weighted by their samples (Guo et al., "On calibration of modern neural networks",
/// ICML 2017). `right` holds 0 or 1 for each confidence in [0, 1].
EMOTION_ML_API std::optional<double> calibration_error(std::span<const double> confidence,
                                                       std::span<const std::uint8_t> right, int bins = 15);

struct Interval {
    double low = 0.0, high = 0.0;
};
/// The 95 % confidence interval of a proportion (Wilson, "Probable inference, the law of succession, and
/// statistical inference", 1927).
EMOTION_ML_API std::optional<Interval> wilson_interval(std::int64_t successes, std::int64_t trials);
/// The same for a share in [0, 1] of `trials` > 0.
EMOTION_ML_API Interval wilson_interval_of_share(double share, std::int64_t trials);

/// The mean of a[i] - b[i] and its standard error.
struct PairedDifference {
    double mean = 0.0, standard_error = 0.0;
};
EMOTION_ML_API std::optional<PairedDifference> paired_difference(std::span<const double> a,
                                                                 std::span<const double> b);

}  // namespace emotion::ml
