#pragma once

#include <vector>

#include "model/model_card.hpp"
#include "training/data/dataset.hpp"
#include "training/fit/trained_model.hpp"
#include "training/recipe/recipe.hpp"

namespace emotion::training {

/// Completes the draft of a card for what was fitted: calibration and thresholds by the answers held out,
/// where there are any, then the scores on these and on `validation` (which may be empty), and by these what
/// neutral faces are like. The draft has the classes and what is shown, and in its provenance all but the
/// scores.
TrainedModel build_model(model::ModelCard draft, FittedModel fitted, const Recipe& recipe,
                         const Dataset& validation);

/// A trained model's answers to pictures.
std::vector<ScoredFolder> answers_of(const TrainedModel& trained, const Dataset& data);

}  // namespace emotion::training
