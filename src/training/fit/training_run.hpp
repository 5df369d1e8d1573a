#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/parallel.hpp"
#include "ml/network/graph.hpp"
#include "model/model_card.hpp"
#include "training/data/dataset.hpp"
#include "training/evaluation/scoring.hpp"
#include "training/recipe/recipe.hpp"

namespace emotion::training {

/// What a training tells after each epoch.
struct TrainingStep {
    std::string stage;  ///< "training", or what is being tried out first
    int epoch = 0;      ///< from 1
    int epochs = 0;     ///< at most so many
    double loss = 0.0;  ///< of the training pictures
    std::optional<double> accuracy;
    std::optional<double> validation_loss, validation_accuracy;
};

/// What a training tells while it runs, all from the calling thread, and where it keeps itself.
struct TrainingHooks {
    std::function<void(const TrainingStep&)> after_epoch;
    /// Within an epoch, or whatever else takes long: pictures done, of how many.
    std::function<void(const std::string& stage, std::int64_t done, std::int64_t all)> on_progress;
    std::filesystem::path checkpoint;  ///< written after each epoch by the families that can; empty: nowhere
    bool resume = false;               ///< go on from the checkpoint, if there is one
    /// Tell accuracy and the validation's figures of each epoch even where nothing but curves needs them.
    bool curves = false;
};

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

/// Trains by the recipe and calibrates on held-out answers. The same recipe, pictures and seed give the same
/// model whatever the number of threads. `validation` may be empty; networks are chosen and calibrated by it
/// (or by a tenth of the data in its place), and it is scored at the end for the card. Throws Error when the
/// loss stops being finite.
TrainedModel train(const Recipe& recipe, const Dataset& data, const Dataset& validation, std::uint64_t seed,
                   ThreadPool& threads, const TrainingHooks& hooks);

/// Adds what a card scores on a part of the data to what is known of it.
void add_scores(const std::string& split, const model::ModelCard& card,
                const std::vector<ScoredFolder>& folders, model::Provenance& provenance);

}  // namespace emotion::training
