#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ml/metrics/curves.hpp"
#include "ml/metrics/metrics.hpp"
#include "model/model_card.hpp"
#include "training/evaluation/scoring.hpp"

namespace emotion::training {

/// The ROC and precision-recall curves of a class against the rest.
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

/// Counts for a class.
struct ClassFigures {
    std::string name;
    std::int64_t pictures = 0;
    std::int64_t found = 0;      ///< pictures of this class for which it was the most likely
    std::int64_t predicted = 0;  ///< pictures of any class for which it was the most likely
    bool is_shown = false;
    std::int64_t labeled = 0, labeled_correctly = 0;  ///< with this label shown
};

struct Mistake {
    std::string picture;  ///< folder/file
    std::string truth;
    int most_likely = 0;  ///< index into the card's classes
    std::vector<float> probabilities;
};

/// Everything a report draws and lists about predictions. All but `mistakes` covers only pictures of classes
/// that the card knows.
struct ReportFigures {
    ml::ConfusionMatrix most_likely;  ///< over the card's classes
    std::vector<ClassCurve>
        curves;                   ///< for two classes that of the positive one, otherwise one per shown class
    ReliabilityCurve calibrated;  ///< for the probability of the most likely class
    std::optional<ReliabilityCurve> uncalibrated;  ///< absent if the card has no calibration
    std::vector<ClassFigures> classes;
    std::vector<Mistake> mistakes;  ///< most confident first
};

/// Up to `mistakes` pictures whose most likely class is wrong, or which get a label although they belong to
/// no class of the card.
ReportFigures report_figures(const model::ModelCard& card, const std::vector<ScoredFolder>& folders,
                             std::size_t mistakes);

/// The probabilities without the card's temperature and bias; nullopt if they cannot be recovered (several
/// sigmoids) or there is no calibration.
std::optional<std::vector<float>> without_calibration(const std::vector<float>& probabilities,
                                                      const model::ModelCard& card);

}  // namespace emotion::training
