#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "ml/core/api.hpp"
#include "ml/optim/logistic.hpp"

namespace emotion::ml {

struct GradientDescentOptions {
    double learning_rate = 1e-7;  ///< > 0, along the summed gradient
    int epochs = 5000;            ///< > 0
    int batch_size = 0;           ///< >= 0; 0: all rows at once, otherwise reshuffled every epoch
    bool drop_last = false;       ///< leave out an epoch's last batch where it is smaller than the others
    std::uint64_t seed = 1;       ///< of the shuffling
};

/// Called after each epoch (from 1) with the loss over all rows after its last update and the parameters
/// then; false ends the descent.
using EpochCallback =
    std::function<bool(int epoch, const LogisticLoss& loss, std::span<const double> parameters)>;

/// Parameters after plain descent from 0. Throws std::invalid_argument for options out of range, and for
/// fewer rows than a batch where `drop_last` would leave out the only one.
EMOTION_ML_API std::vector<double> descend(LogisticObjective& objective,
                                           const GradientDescentOptions& options,
                                           const EpochCallback& after_epoch);

}  // namespace emotion::ml
