#pragma once

#include "training/fit/training_run.hpp"

namespace emotion::training {

/// Fits a logistic regression by recipe.logistic. With folds, each penalty is fitted to all but one fold in
/// turn; of those whose calibrated loss on the held-out folds is not significantly (two standard errors of
/// the paired difference) above the lowest, the strongest is chosen and fitted to all pictures. `validation`
/// may be empty; it is used only for early stopping and curves. Throws ConfigError for early stopping without
/// it.
FittedModel fit_logistic(const Recipe& recipe, const Dataset& data, const Dataset& validation,
                         const TrainingContext& context);

}  // namespace emotion::training
