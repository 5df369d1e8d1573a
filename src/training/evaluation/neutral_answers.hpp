#pragma once

#include <vector>

#include "model/model_card.hpp"
#include "training/evaluation/scoring.hpp"

namespace emotion::training {

/// The value of a card's `neutral`: the mean logarithm of each class's probability over the neutral pictures,
/// rounded to four decimals. A picture is neutral by the majority of its votes or, without votes, by its
/// folder's name. Empty for a card without a class neutral, and if there is no such picture.
std::vector<double> neutral_answers(const model::ModelCard& card, const std::vector<ScoredFolder>& folders);

}  // namespace emotion::training
