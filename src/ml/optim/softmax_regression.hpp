#pragma once

#include <cstdint>
#include <span>

#include "ml/core/api.hpp"
#include "ml/layers/dense.hpp"

namespace emotion::ml {

/// The dense layer with the least mean softmax cross-entropy over the samples plus the penalty: convex, found
/// by L-BFGS from `start` on. `features` is (N, start.inputs()), `labels` in [0, start.outputs), `weights`
/// (N) or empty tells how often each sample counts. Classes without samples keep what the penalty leaves
/// them. The penalty is pull/2 |w - start|^2, in which each weight is measured by the root mean square of its
/// feature and each bias as it is; a `pull` (>= 0) of 0 forgets the start wherever the samples say anything.
/// Throws std::invalid_argument for sizes that do not go together.
EMOTION_ML_API Dense fit_softmax_regression(std::span<const float> features, std::span<const int> labels,
                                            std::span<const float> weights, const Dense& start, double pull);

}  // namespace emotion::ml
