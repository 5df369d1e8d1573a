#pragma once

#include "training/fit/initial_model.hpp"
#include "training/fit/training_run.hpp"

namespace emotion::training {

/// Goes on from a network by `recipe.init` with new pictures, cut by the network's own card. Their classes
/// are some of the card's, or all; the others, the calibration and what is shown from which probability on
/// stay. With the last layer alone, the pictures' features are computed once (with the mirror image's where
/// the card has it) and the layer is the optimum of a convex problem that is drawn to the old one;
/// `validation` is then only measured, and may be empty. With all layers, it also chooses the epoch, as in
/// train(). The same model, recipe, pictures and seed give the same result whatever the number of threads.
/// Throws ConfigError for a class that the card does not know.
TrainedModel fine_tune(const InitialModel& start, const Recipe& recipe, const Dataset& data,
                       const Dataset& validation, const TrainingContext& context);

/// What the card of a model that has gone on from this one is called.
std::string tuned_name(const model::ModelCard& start);

}  // namespace emotion::training
