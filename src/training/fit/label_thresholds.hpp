#pragma once

#include <string>
#include <vector>

#include "model/model_card.hpp"
#include "training/evaluation/scoring.hpp"
#include "training/recipe/recipe.hpp"

namespace emotion::training {

/// Rounds to few enough digits to be readable and to hide the last bits, which differ between processors.
double rounded(double value);

/// Chooses the threshold of each label by the `show` section of the recipe, from predictions on pictures not
/// used for training. Where no threshold meets the target it is 1, with a warning. Changes nothing if the
/// recipe sets no target for precision or agreement.
void choose_thresholds(const Recipe& recipe, const std::vector<ScoredFolder>& answers, model::ModelCard& card,
                       std::vector<std::string>& warnings);

}  // namespace emotion::training
