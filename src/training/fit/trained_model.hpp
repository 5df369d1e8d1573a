#pragma once

#include <limits>
#include <string>
#include <vector>

#include "ml/network/graph.hpp"
#include "model/model_card.hpp"
#include "training/evaluation/scoring.hpp"

namespace emotion::training {

/// One that was never filled in has losses that are no numbers.
struct TrainingSummary {
    int epochs = 0;
    /// Of the training pictures at the end, with the penalty where there is one: bounded by 1e-4 inside the
    /// logarithm as the notebook reports it, and exact.
    double final_loss = std::numeric_limits<double>::quiet_NaN();
    double final_loss_true = std::numeric_limits<double>::quiet_NaN();
    double seconds = 0.0;
};

/// What models answered to pictures they had not learned from; all empty if there were none.
struct HeldOutAnswers {
    std::vector<float> logits;  ///< (N, outputs)
    std::vector<int> labels;
    std::vector<std::string> names;
    std::string split;                        ///< "validation", "folds" or "held_out"
    std::vector<float> targets{};             ///< (N, classes); empty: the labels
    std::vector<std::vector<float>> votes{};  ///< of each, as ScoredPicture has them; empty: of none
};

/// What a family makes of a recipe and pictures.
struct FittedModel {
    ml::Graph graph;
    model::Activation activation = model::Activation::kSoftmax;
    HeldOutAnswers held_out;
    /// What was chosen, for the card.
    model::Provenance provenance;
    TrainingSummary summary;
    std::vector<std::string> notes;  ///< what the user should know of it
};

struct TrainedModel {
    model::ModelCard card;  ///< complete but for what save_model() fills in
    ml::Graph graph;
    TrainingSummary summary;
    std::vector<std::string> notes;  ///< what the user should know of the result
    /// The final card's answers to pictures not learned from: of `scored_on` "validation", "folds" or
    /// "held_out"; both empty where there were none.
    std::vector<ScoredFolder> scored;
    std::string scored_on;
};

}  // namespace emotion::training
