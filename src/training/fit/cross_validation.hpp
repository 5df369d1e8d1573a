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

/// The metrics of a model on one fold, trained on all others.
struct FoldResult {
    ForcedFigures figures;
    TrainingSummary summary;
    model::Provenance provenance;        ///< values chosen in training
    std::optional<VoteFigures> votes{};  ///< if there are votes
};

struct CrossValidation {
    std::vector<int> fold_of;  ///< per picture
    std::vector<FoldResult> folds;
};

/// Trains a model on some pictures.
using Training = std::function<TrainedModel(const Dataset& data)>;

/// Evaluates a trained model on pictures it has not seen.
FoldResult measure(const TrainedModel& trained, const Dataset& unseen);

/// Trains and evaluates once for each fold of assign_folds(). Throws Error for a class with fewer distinct
/// pictures than folds.
CrossValidation cross_validate(const Training& train, const Dataset& data, int folds, std::uint64_t seed,
                               ThreadPool& threads);

/// Mean and standard deviation (N - 1) over the folds; nullopt if there is no fold or a fold lacks the value.
/// The deviation of a single fold is 0.
struct Spread {
    double mean = 0.0, deviation = 0.0;
};
std::optional<Spread> spread_of(const std::vector<FoldResult>& folds, const NamedFigure& figure);
/// Mean and deviation of each of named_figures(), or null.
nlohmann::ordered_json spreads_json(const std::vector<FoldResult>& folds);

/// A row per fold, then mean and deviation.
std::string to_text(const CrossValidation& result);
nlohmann::ordered_json to_json(const CrossValidation& result, const Dataset& data);

}  // namespace emotion::training
