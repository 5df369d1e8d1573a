#pragma once

#include "training/data/dataset.hpp"
#include "training/fit/trained_model.hpp"
#include "training/fit/training_context.hpp"
#include "training/recipe/recipe.hpp"

namespace emotion::training {

/// Trains a model by the recipe and calibrates it on held-out predictions. Deterministic for a recipe, data
/// and seed, regardless of the number of threads. `validation` may be empty; networks are selected and
/// calibrated on it (or on a tenth of the data instead), and its final scores go into the card. Throws Error
/// if the loss becomes infinite or NaN.
TrainedModel train(const Recipe& recipe, const Dataset& data, const Dataset& validation,
                   const TrainingContext& context);

}  // namespace emotion::training
