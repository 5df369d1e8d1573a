#pragma once

#include <cstdint>

#include "ml/api.hpp"

namespace emotion::ml {

/// How the learning rate goes over a whole training: up from `peak * start` to `peak` during the first
/// `warmup` of the steps, then down along half a cosine to `peak * end` at the last.
struct LearningRateSchedule {
    double peak = 4e-3;
    double warmup = 0.3;
    double start = 0.04, end = 4e-6;
    /// Whether it also rises along half a cosine (one-cycle: Smith and Topin, "Super-convergence", 2019) or
    /// in a straight line (cosine with warm-up: Loshchilov and Hutter, "SGDR", 2017; Goyal et al., 2017).
    bool rises_by_cosine = true;

    static LearningRateSchedule one_cycle(double peak) { return {.peak = peak}; }
    static LearningRateSchedule cosine(double peak, double warmup) {
        return {.peak = peak, .warmup = warmup, .start = 0.0, .end = 0.0, .rises_by_cosine = false};
    }
};

/// For `step` in [0, steps). Throws std::invalid_argument outside of it.
EMOTION_ML_API double learning_rate(const LearningRateSchedule& schedule, std::int64_t step,
                                    std::int64_t steps);

}  // namespace emotion::ml
