#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ml/metrics/metrics.hpp"
#include "model/model_card.hpp"
#include "training/evaluation/scoring.hpp"
#include "training/evaluation/vote_figures.hpp"

namespace emotion::training {

/// The likelier of the shown classes, on their pictures alone. One class is positive; with more than two
/// classes the counts are against all others together.
struct ForcedFigures {
    std::vector<std::string> classes;
    std::string positive;
    ml::ConfusionMatrix matrix{1};  ///< between `classes`
    ml::BinaryCounts counts;        ///< of the positive class
    std::optional<double> auc;      ///< of the positive class's share of the probability
    std::optional<double> log_loss;
    std::optional<double> ece;
};

/// One of ForcedFigures with its names: texts, JSON, comparisons, folds and reports go through all of them.
struct NamedFigure {
    const char* key;   ///< in JSON
    const char* name;  ///< to be read
    std::optional<double> (*of)(const ForcedFigures& figures);
    /// 95 % of a figure that is a share; nullptr for others.
    std::optional<ml::Interval> (*interval)(const ForcedFigures& figures) = nullptr;
};
const std::vector<NamedFigure>& named_figures();
/// Of the columns in which texts put their names, with a space behind.
constexpr int kFigureNameWidth = 19;

/// The label that the detector would show, nothing included, on the pictures of every folder.
struct OpenFigures {
    struct Label {
        std::string name;
        std::optional<double> precision, recall, f1;
    };
    std::vector<Label> labels;               ///< for each shown class
    std::optional<double> coverage;          ///< share of all pictures that got a label
    std::optional<double> false_label_rate;  ///< the same of those that belong to none of the shown classes
};

struct FolderFigures {
    std::string name;
    std::int64_t samples = 0, unreadable = 0, no_face = 0;
    std::vector<std::int64_t> shown;  ///< for each shown class
    std::int64_t shown_nothing = 0;
};

struct NuisanceFigures {
    std::string name;
    ForcedFigures forced;
};

/// Over the pictures that could be read and, where faces were looked for, had one.
struct Evaluation {
    std::int64_t samples = 0;
    std::int64_t skipped = 0;          ///< the other pictures
    std::optional<VoteFigures> votes;  ///< where people's votes are known
    ForcedFigures forced;
    OpenFigures open;
    std::vector<FolderFigures> per_class;
    std::vector<NuisanceFigures> nuisances;  ///< empty unless measured
};

/// A folder's name is its pictures' class; folders of classes that the card does not show, or does not know,
/// count in the open figures.
Evaluation evaluate(const model::ModelCard& card, const std::vector<ScoredFolder>& folders);

}  // namespace emotion::training
