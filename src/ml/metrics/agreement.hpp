#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ml/core/api.hpp"
#include "ml/metrics/metrics.hpp"

namespace emotion::ml {

// Figures of a classifier against what several people said of each picture. A share is the part of the people
// asked, in [0, 1]. What is undefined is nullopt, never NaN. Lengths that differ throw std::invalid_argument.
// Safe to share between threads.

/// The mean of values with its 95 % interval (normal approximation); nullopt for none, and an interval of the
/// mean alone for one.
struct MeanWithInterval {
    double mean = 0.0;
    Interval interval;
};
EMOTION_ML_API std::optional<MeanWithInterval> mean_with_interval(std::span<const double> values);

/// Pearson's correlation; nullopt for fewer than two values and where one side does not vary.
EMOTION_ML_API std::optional<double> correlation(std::span<const double> a, std::span<const double> b);

/// The mean over pictures of -sum_k s_k log p_k, where s are a picture's `shares` divided by their sum; both
/// are (N, classes). Pictures whose shares are all 0 are left out; p counts as 1e-15 where it is smaller.
EMOTION_ML_API std::optional<double> cross_entropy_to_shares(std::span<const float> probabilities,
                                                             std::span<const float> shares,
                                                             std::size_t classes);

/// The pictures whose probability lies in one of equal-width parts of (0, 1].
struct ShareBin {
    double probability_sum = 0.0, share_sum = 0.0;
    std::int64_t samples = 0;
};
/// Those whose probability is in (b/bins, (b+1)/bins], 0 in the first; one for each b.
EMOTION_ML_API std::vector<ShareBin> share_bins(std::span<const double> probability,
                                                std::span<const double> share, int bins = 15);

/// calibration_error() of probabilities that are to say which share of people would give an answer: the gap
/// between the mean probability and the mean share, averaged over equal-width bins weighted by their
/// pictures.
EMOTION_ML_API std::optional<double> share_calibration_error(std::span<const double> probability,
                                                             std::span<const double> share, int bins = 15);

/// The largest part of `wanted` scores that reach a threshold which at most the part `rate` of `unwanted`
/// reach; nullopt if either is empty.
EMOTION_ML_API std::optional<double> recall_at(std::span<const double> wanted,
                                               std::span<const double> unwanted, double rate);

/// The lowest score from which on the mean share is at least `agreement` and at most the part `calm_rate` of
/// the pictures that are calm (1, others 0) are reached; nullopt if there is none.
EMOTION_ML_API std::optional<double> threshold_for_agreement(std::span<const double> score,
                                                             std::span<const double> share, double agreement,
                                                             std::span<const std::uint8_t> calm,
                                                             double calm_rate);

}  // namespace emotion::ml
