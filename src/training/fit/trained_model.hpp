#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "ml/network/graph.hpp"
#include "model/model_card.hpp"
#include "training/evaluation/scoring.hpp"

namespace emotion::training {

/// Losses are NaN until set.
struct TrainingSummary {
    int epochs = 0;
    /// The epoch whose weights are the model's, from 1: the one with the lowest validation loss where that
    /// decides, otherwise the last. All losses are of this epoch.
    int kept_epoch = 0;
    /// On the training pictures, including any penalty: bounded by 1e-4 inside the logarithm as in the
    /// notebook, and exact.
    double loss = std::numeric_limits<double>::quiet_NaN();
    double exact_loss = std::numeric_limits<double>::quiet_NaN();
    /// On the pictures that decide which epoch is kept, before calibration; nullopt: nothing decides.
    std::optional<double> validation_loss{};
    double seconds = 0.0;

    /// "the kept epoch (12 of 36)", for texts.
    std::string kept_epoch_text() const {
        return "the kept epoch (" + std::to_string(kept_epoch) + " of " + std::to_string(epochs) + ")";
    }
};

/// Predictions on pictures not used for training; all empty if there were none.
struct HeldOutPredictions {
    std::vector<float> logits;  ///< (N, outputs)
    std::vector<int> labels;
    std::vector<std::string> names;
    std::string split;                        ///< "validation", "folds" or "held_out"
    std::vector<float> targets{};             ///< (N, classes); empty: the labels
    std::vector<std::vector<float>> votes{};  ///< as in ScoredPicture; empty: no votes
};

/// The result of fitting a model of some family.
struct FittedModel {
    ml::Graph graph;
    model::Activation activation = model::Activation::kSoftmax;
    HeldOutPredictions held_out;
    /// Chosen values, for the card.
    model::Provenance provenance;
    TrainingSummary summary;
    std::vector<std::string> warnings;  ///< for the user
};

struct TrainedModel {
    model::ModelCard card;  ///< complete except for what save_model() fills in
    ml::Graph graph;
    TrainingSummary summary;
    std::vector<std::string> warnings;  ///< for the user
    /// The final card's predictions on pictures not used for training; `scored_on` is "validation", "folds"
    /// or "held_out". Both empty if there were none.
    std::vector<ScoredFolder> scored;
    std::string scored_on;
};

}  // namespace emotion::training
