#pragma once

#include <string>
#include <vector>

#include "model/model_card.hpp"
#include "training/evaluation/scoring.hpp"

namespace emotion::training {

/// A CSV table with one row per picture: its path relative to the data; the class of its folder; the majority
/// class, where there are votes and a majority; the label shown, or empty; the probability of every class;
/// and, if any picture has votes, the share of votes for every class. For pictures that could not be scored,
/// label and probabilities are empty. Values have six decimals.
std::string predictions_csv(const model::ModelCard& card, const std::vector<ScoredFolder>& folders);

}  // namespace emotion::training
