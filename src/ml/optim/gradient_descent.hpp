#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "ml/core/api.hpp"
#include "ml/optim/logistic.hpp"

namespace emotion::ml {

struct GradientDescentOptions {
    double learning_rate = 1e-7;  ///< > 0, applied to the summed gradient
    int epochs = 5000;            ///< > 0
    int batch_size = 0;           ///< >= 0; 0: all rows at once, otherwise reshuffled each epoch
    bool drop_last = false;       ///< drop an incomplete last batch of an epoch
    std::uint64_t seed = 1;       ///< for shuffling
};

/// Called after each epoch (from 1) with the loss over all rows and the parameters after its last update;
/// returning false ends the descent.
using EpochCallback =
    std::function<bool(int epoch, const LogisticLoss& loss, std::span<const double> parameters)>;

/// Parameters after gradient descent from 0. Throws std::invalid_argument for options out of range, and for
/// fewer rows than a batch with `drop_last`.
EMOTION_ML_API std::vector<double> descend(LogisticObjective& objective,
                                           const GradientDescentOptions& options,
                                           const EpochCallback& after_epoch);

}  // namespace emotion::ml
