#pragma once

#include <string>
#include <vector>

#include "model/model_card.hpp"
#include "training/evaluation/scoring.hpp"

namespace emotion::training {

/// A table (CSV) with a row a picture: its path below the data; the class that its folder says it is; the
/// class that most people say, where there are votes and a majority; the label shown, none if empty; the
/// probability of every class, and the share of votes of every class where any picture has votes. Of a
/// picture that could not be scored, label and probabilities are empty. Numbers have six digits after the
/// point.
std::string predictions_csv(const model::ModelCard& card, const std::vector<ScoredFolder>& folders);

}  // namespace emotion::training
