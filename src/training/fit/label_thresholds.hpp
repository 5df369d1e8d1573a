#pragma once

#include <string>
#include <vector>

#include "model/model_card.hpp"
#include "training/evaluation/scoring.hpp"
#include "training/recipe/recipe.hpp"

namespace emotion::training {

/// A number to digits that a reader can compare and that hide the last bits, in which processors differ.
double rounded(double value);

/// From which evidence each label of the card is shown, as the recipe's `show` wants it, by answers to
/// pictures that the model has not learned from. Where no threshold brings what is wanted it is 1, and a note
/// says so. Changes nothing if the recipe wants neither a precision nor an agreement.
void choose_thresholds(const Recipe& recipe, const std::vector<ScoredFolder>& answers, model::ModelCard& card,
                       std::vector<std::string>& notes);

}  // namespace emotion::training
