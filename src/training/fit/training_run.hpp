#pragma once

#include "training/data/dataset.hpp"
#include "training/fit/trained_model.hpp"
#include "training/fit/training_context.hpp"
#include "training/recipe/recipe.hpp"

namespace emotion::training {

/// Trains by the recipe and calibrates on held-out answers. The same recipe, pictures and seed give the same
/// model whatever the number of threads. `validation` may be empty; networks are chosen and calibrated by it
/// (or by a tenth of the data in its place), and it is scored at the end for the card. Throws Error when the
/// loss stops being finite.
TrainedModel train(const Recipe& recipe, const Dataset& data, const Dataset& validation,
                   const TrainingContext& context);

}  // namespace emotion::training
