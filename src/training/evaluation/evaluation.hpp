#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ml/metrics/metrics.hpp"
#include "model/model_card.hpp"
#include "training/evaluation/scoring.hpp"
#include "training/evaluation/vote_figures.hpp"

namespace emotion::training {

/// Metrics of the forced choice between the shown classes, on their pictures only. One class is positive;
/// with more than two classes it is counted against all others together.
struct ForcedFigures {
    std::vector<std::string> classes;
    std::string positive;
    ml::ConfusionMatrix matrix{1};  ///< of `classes`
    ml::BinaryCounts counts;        ///< of the positive class
    std::optional<double> auc;      ///< of the positive class's share of the probability
    std::optional<double> log_loss;
    std::optional<double> ece;
};

/// A metric of ForcedFigures with its names, for texts, JSON, comparisons, folds and reports.
struct NamedFigure {
    const char* key;   ///< in JSON
    const char* name;  ///< for readers
    std::optional<double> (*of)(const ForcedFigures& figures);
    /// The 95 % interval of a proportion; nullptr for other metrics.
    std::optional<ml::Interval> (*interval)(const ForcedFigures& figures) = nullptr;
};
const std::vector<NamedFigure>& named_figures();
/// The column width of names in texts, including a trailing space.
constexpr std::size_t kFigureNameWidth = 19;

/// Metrics of the labels that the detector would show, including none, on the pictures of all folders.
struct OpenFigures {
    struct Label {
        std::string name;
        std::optional<double> precision, recall, f1;
    };
    std::vector<Label> labels;               ///< per shown class
    std::optional<double> coverage;          ///< fraction of pictures that got a label
    std::optional<double> false_label_rate;  ///< the same for pictures of classes that are not shown
};

struct FolderFigures {
    std::string name;
    std::int64_t samples = 0, unreadable = 0, no_face = 0;
    std::vector<std::int64_t> shown;  ///< per shown class
    std::int64_t shown_nothing = 0;
};

struct NuisanceFigures {
    std::string name;
    ForcedFigures forced;
};

/// Computed over the pictures that could be read and, if faces were searched for, had one.
struct Evaluation {
    std::int64_t samples = 0;
    std::int64_t skipped = 0;          ///< pictures left out
    std::optional<VoteFigures> votes;  ///< if there are votes
    ForcedFigures forced;
    OpenFigures open;
    std::vector<FolderFigures> per_class;
    std::vector<NuisanceFigures> nuisances;  ///< empty unless measured
};

/// A folder's name is the class of its pictures; folders of classes that are unknown to the card or not shown
/// count in the open figures.
Evaluation evaluate(const model::ModelCard& card, const std::vector<ScoredFolder>& folders);

}  // namespace emotion::training
