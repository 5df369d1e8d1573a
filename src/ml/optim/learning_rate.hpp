#pragma once

#include <cstdint>

#include "ml/core/api.hpp"

namespace emotion::ml {

/// The one-cycle schedule (Smith and Topin, "Super-convergence", 2019): half a cosine from a 25th of `peak`
/// up to it during the first `warmup` of the steps, then another down to `end` at the last step.
struct LearningRateSchedule {
    double peak = 4e-3;   ///< > 0
    double warmup = 0.3;  ///< [0, 1]
    double end = 4e-6;    ///< >= 0
};

/// The rate for `step` in [0, steps). Throws std::invalid_argument outside of it.
EMOTION_ML_API double learning_rate(const LearningRateSchedule& schedule, std::int64_t step,
                                    std::int64_t steps);

}  // namespace emotion::ml
