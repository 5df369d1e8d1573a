#pragma once

#include "training/fit/initial_model.hpp"
#include "training/fit/training_run.hpp"

namespace emotion::training {

/// Fine-tunes a network by `recipe.init` on new pictures, cropped as its card specifies. Their classes are
/// some or all of the card's; other classes, calibration and thresholds are kept. If only the last layer is
/// trained, features are computed once (also of mirror images if the card uses them), and the layer is the
/// optimum of a convex problem with a penalty on the distance from the old one; `validation` is then only for
/// evaluation and may be empty. If all layers are trained, it also selects the epoch, as in train().
/// Deterministic for a model, recipe, data and seed, regardless of the number of threads. Throws ConfigError
/// for a class that the card does not have.
TrainedModel fine_tune(const InitialModel& start, const Recipe& recipe, const Dataset& data,
                       const Dataset& validation, const TrainingContext& context);

/// The card name of a model fine-tuned from this one.
std::string tuned_name(const model::ModelCard& start);

}  // namespace emotion::training
