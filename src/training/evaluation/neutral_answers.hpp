#pragma once

#include <vector>

#include "model/model_card.hpp"
#include "training/evaluation/scoring.hpp"

namespace emotion::training {

/// What a card's `neutral` is to hold: the mean logarithm of each class's probability on the pictures that
/// most people call neutral or, where no votes are known of a picture, that lie in the folder of that name;
/// rounded to four digits. Empty for a card without a class neutral, and where there is no such picture.
std::vector<double> neutral_answers(const model::ModelCard& card, const std::vector<ScoredFolder>& folders);

}  // namespace emotion::training
