#pragma once

#include <vector>

#include "model/model_card.hpp"
#include "training/data/dataset.hpp"
#include "training/fit/trained_model.hpp"
#include "training/recipe/recipe.hpp"

namespace emotion::training {

/// Completes a draft card for a fitted model: calibration and thresholds from the held-out predictions, if
/// any, then scores on these and on `validation` (which may be empty), and from these what neutral faces are
/// like. The draft has the classes, the shown classes and the provenance except for scores.
TrainedModel build_model(model::ModelCard draft, FittedModel fitted, const Recipe& recipe,
                         const Dataset& validation);

/// A trained model's predictions.
std::vector<ScoredFolder> predictions_of(const TrainedModel& trained, const Dataset& data);

}  // namespace emotion::training
