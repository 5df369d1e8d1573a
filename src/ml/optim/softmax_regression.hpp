#pragma once

#include <span>

#include "ml/core/api.hpp"
#include "ml/layers/dense.hpp"

namespace emotion::ml {

/// The dense layer that minimizes the mean softmax cross-entropy over the samples plus a penalty: convex,
/// solved by L-BFGS from `start`. `features` is (N, start.inputs()), `labels` in [0, start.outputs),
/// `weights` (N) or empty the weight of each sample. Classes without samples are determined by the penalty
/// alone. The penalty is pull/2 |w - start|^2, with each weight scaled by the root mean square of its feature
/// and each bias unscaled; a `pull` (>= 0) of 0 ignores the start wherever the samples determine the
/// solution. Throws std::invalid_argument for mismatched sizes.
EMOTION_ML_API Dense fit_softmax_regression(std::span<const float> features, std::span<const int> labels,
                                            std::span<const float> weights, const Dense& start, double pull);

}  // namespace emotion::ml
