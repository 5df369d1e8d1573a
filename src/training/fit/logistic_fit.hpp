#pragma once

#include "training/fit/training_run.hpp"

namespace emotion::training {

/// Logistic regression by recipe.logistic. With folds: each strength of the penalty is fitted to all but one
/// fold in turn, and the strongest is taken whose calibrated loss on the folds left out is not significantly
/// (by two standard errors of the paired difference) above the lowest; then it is fitted to all pictures.
/// `validation` may be empty; it is for patience and for curves alone. Throws ConfigError for patience
/// without it.
FittedModel fit_logistic(const Recipe& recipe, const Dataset& data, const Dataset& validation,
                         const TrainingContext& context);

}  // namespace emotion::training
