#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "training/evaluation/evaluation.hpp"
#include "training/fit/trained_model.hpp"

namespace emotion::training {

/// A model trained on all but one fold, measured on that fold.
struct FoldResult {
    ForcedFigures figures;
    TrainingSummary summary;
    model::Provenance provenance;        ///< what the training chose
    std::optional<VoteFigures> votes{};  ///< where people's votes are known
};

struct CrossValidation {
    std::vector<int> fold_of;  ///< for each picture
    std::vector<FoldResult> folds;
};

/// Makes a model of some pictures.
using Training = std::function<TrainedModel(const Dataset& data)>;

/// What a trained model scores on pictures that it has not seen.
FoldResult measure(const TrainedModel& trained, const Dataset& unseen);

/// Trains and measures once for each fold that deal_into_folds() deals; duplicates share a fold. Throws Error
/// for a class with fewer different pictures than folds.
CrossValidation cross_validate(const Training& train, const Dataset& data, int folds, std::uint64_t seed,
                               ThreadPool& threads);

/// Mean and standard deviation (N - 1) over the folds; nullopt where a fold has no such figure or there is no
/// fold, a deviation of 0 for a single fold.
struct Spread {
    double mean = 0.0, deviation = 0.0;
};
std::optional<Spread> spread_of(const std::vector<FoldResult>& folds, const NamedFigure& figure);
/// Mean and deviation of each of named_figures(), or null.
nlohmann::ordered_json spreads_json(const std::vector<FoldResult>& folds);

/// A row for each fold, then mean and deviation.
std::string to_text(const CrossValidation& result);
nlohmann::ordered_json to_json(const CrossValidation& result, const Dataset& data);

}  // namespace emotion::training
