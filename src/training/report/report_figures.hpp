#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ml/metrics/curves.hpp"
#include "ml/metrics/metrics.hpp"
#include "model/model_card.hpp"
#include "training/evaluation/scoring.hpp"

namespace emotion::training {

/// How well one class is told from the rest as the threshold of its probability falls.
struct ClassCurve {
    struct Mark {
        std::string name;
        double threshold = 0.0;
    };
    std::string name;
    std::vector<ml::ThresholdCounts> counts;
    std::optional<double> area;  ///< under the ROC curve
    std::vector<Mark> marks;     ///< the thresholds in use
};

struct ReliabilityCurve {
    std::vector<ml::ReliabilityBin> bins;
    std::optional<double> error;  ///< expected calibration error
};

/// Counts of one class, each with the whole it is a share of.
struct ClassFigures {
    std::string name;
    std::int64_t pictures = 0;
    std::int64_t found = 0;  ///< of `pictures`, the likeliest class was this one
    std::int64_t taken = 0;  ///< pictures of any class whose likeliest class was this one
    bool is_shown = false;
    std::int64_t labelled = 0, labelled_rightly = 0;  ///< with this label shown
};

struct Mistake {
    std::string picture;  ///< folder/file
    std::string truth;
    int likeliest = 0;  ///< index into the card's classes
    std::vector<float> probabilities;
};

/// What is drawn and listed of a model's answers; all but `mistakes` over the pictures of classes that the
/// card knows.
struct ReportFigures {
    ml::ConfusionMatrix likeliest;   ///< over the card's classes
    std::vector<ClassCurve> curves;  ///< of the positive class of two; of each shown class of more
    ReliabilityCurve calibrated;     ///< of the likeliest class's probability
    std::optional<ReliabilityCurve> uncalibrated;  ///< absent where the card calibrates nothing
    std::vector<ClassFigures> classes;
    std::vector<Mistake> mistakes;  ///< the surest first
};

/// At most `mistakes` pictures on which the likeliest class is wrong, or which get a label though they belong
/// to no class of the card.
ReportFigures report_figures(const model::ModelCard& card, const std::vector<ScoredFolder>& folders,
                             std::size_t mistakes);

/// What the probabilities were before the card's temperature and bias; nullopt where that cannot be told (a
/// sigmoid for each of several classes) or where there is nothing to undo.
std::optional<std::vector<float>> without_calibration(const std::vector<float>& probabilities,
                                                      const model::ModelCard& card);

}  // namespace emotion::training
