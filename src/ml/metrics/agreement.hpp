#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ml/core/api.hpp"
#include "ml/metrics/metrics.hpp"

namespace emotion::ml {

// Metrics of a classifier against the votes of several people on each picture. A share is the fraction of the
// voters, in [0, 1]. Undefined values are nullopt, never NaN. Lengths that differ throw
// std::invalid_argument. Thread-safe.

/// A mean of values in [0, 1] with its 95 % interval within [0, 1]; nullopt for no values. The interval is
/// the normal approximation, or, for fewer than 30 values, that of a proportion of as many answers
/// (wilson_interval()), which is wider and does not vanish where all values are equal.
struct MeanWithInterval {
    double mean = 0.0;
    Interval interval;
};
EMOTION_ML_API std::optional<MeanWithInterval> mean_with_interval(std::span<const double> values);

/// Pearson's correlation; nullopt for fewer than two values or where either side is constant.
EMOTION_ML_API std::optional<double> correlation(std::span<const double> a, std::span<const double> b);

/// The mean over pictures of -sum_k s_k log p_k, where s are a picture's `shares` normalized to sum 1; both
/// are (N, classes). Pictures whose shares are all 0 are skipped; p is at least 1e-15.
EMOTION_ML_API std::optional<double> cross_entropy_to_shares(std::span<const float> probabilities,
                                                             std::span<const float> shares,
                                                             std::size_t classes);

/// The pictures whose probability falls in one of several bins of equal width over (0, 1].
struct ShareBin {
    double probability_sum = 0.0, share_sum = 0.0;
    std::int64_t samples = 0;
};
/// Bin b holds probabilities in (b/bins, (b+1)/bins], the first also 0.
EMOTION_ML_API std::vector<ShareBin> share_bins(std::span<const double> probability,
                                                std::span<const double> share, int bins = 15);

/// The calibration error of probabilities that predict the share of people giving an answer: the gap between
/// mean probability and mean share, averaged over bins of equal width weighted by their pictures.
EMOTION_ML_API std::optional<double> share_calibration_error(std::span<const double> probability,
                                                             std::span<const double> share, int bins = 15);

/// The largest fraction of `positive` scores above a threshold that at most the fraction `rate` of `negative`
/// scores reach; nullopt if either is empty.
EMOTION_ML_API std::optional<double> recall_at(std::span<const double> positive,
                                               std::span<const double> negative, double rate);

/// The lowest score from which on the mean share is at least `agreement` and at most the fraction `calm_rate`
/// of the calm pictures (1; others 0) is included; nullopt if there is none.
EMOTION_ML_API std::optional<double> threshold_for_agreement(std::span<const double> score,
                                                             std::span<const double> share, double agreement,
                                                             std::span<const std::uint8_t> calm,
                                                             double calm_rate);

}  // namespace emotion::ml
