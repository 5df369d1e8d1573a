#include "training/fit/label_thresholds.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "base/formatted.hpp"
#include "ml/metrics/agreement.hpp"
#include "ml/metrics/calibration.hpp"
#include "training/evaluation/vote_figures.hpp"

namespace emotion::training {
namespace {

/// The evidence for one shown class on each picture, and the votes for it or, without votes, the folder.
struct Evidence {
    std::vector<double> evidence, share;
    std::vector<std::uint8_t> right, calm;
};

Evidence collect_evidence(const std::vector<ScoredFolder>& folders, const model::ModelCard& card,
                          const model::ShownClass& shown) {
    const auto& name = card.classes[static_cast<std::size_t>(shown.class_index)];
    const auto calm = calm_classes(card);
    const auto is_calm = [&](const std::string& one) {
        return std::count(calm.begin(), calm.end(), one) > 0;
    };
    Evidence collected;
    for (const auto& folder : folders)
        for (const auto& picture : folder.pictures) {
            if (picture.outcome != ScoredPicture::Outcome::kScored) continue;
            const bool right = folder.name == name;
            const auto majority = majority_of(picture.votes);
            collected.evidence.push_back(model::evidence_for(shown, picture.probabilities));
            collected.right.push_back(right);
            collected.share.push_back(picture.votes.empty()
                                          ? (right ? 1.0 : 0.0)
                                          : picture.votes[static_cast<std::size_t>(shown.class_index)]);
            collected.calm.push_back(picture.votes.empty()
                                         ? is_calm(folder.name)
                                         : majority &&
                                               is_calm(card.classes[static_cast<std::size_t>(*majority)]));
        }
    return collected;
}

void set_threshold(const std::optional<double>& threshold, const std::string& target, const std::string& name,
                   model::ShownClass& shown, std::vector<std::string>& warnings) {
    shown.min_probability = threshold ? std::max(0.0, rounded(*threshold)) : 1.0;
    if (!threshold)
        warnings.push_back(name + " " + target +
                           " on held-out pictures, so it is shown only at probability 1");
}

}  // namespace

double rounded(double value) {
    return std::round(value * 1e4) / 1e4;
}

void choose_thresholds(const Recipe& recipe, const std::vector<ScoredFolder>& answers, model::ModelCard& card,
                       std::vector<std::string>& warnings) {
    for (std::size_t k = 0; k < card.shown.size(); ++k) {
        auto& shown = card.shown[k];
        const auto& name = card.classes[static_cast<std::size_t>(shown.class_index)];
        const auto on = collect_evidence(answers, card, shown);
        if (!recipe.show_precision.empty())
            set_threshold(ml::threshold_for_precision(on.evidence, on.right, recipe.show_precision[k]),
                          "is never right " + formatted("%.4f", recipe.show_precision[k]) + " of the time",
                          name, shown, warnings);
        if (!recipe.show_agreement.empty())
            set_threshold(ml::threshold_for_agreement(on.evidence, on.share, recipe.show_agreement[k],
                                                      on.calm, recipe.show_calm_rate[k]),
                          "never has the agreement of " + formatted("%.4f", recipe.show_agreement[k]) +
                              " of the people with at most " + formatted("%.4f", recipe.show_calm_rate[k]) +
                              " of calm pictures labeled",
                          name, shown, warnings);
    }
}

}  // namespace emotion::training
