#include "training/evaluation/neutral_answers.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "training/evaluation/vote_figures.hpp"

namespace emotion::training {

std::vector<double> neutral_answers(const model::ModelCard& card, const std::vector<ScoredFolder>& folders) {
    const auto neutral = card.find_class(model::kNeutral);
    if (!neutral) return {};
    std::vector<double> means(card.classes.size());
    std::int64_t pictures = 0;
    for (const auto& folder : folders)
        for (const auto& picture : folder.pictures) {
            if (picture.outcome != ScoredPicture::Outcome::kScored) continue;
            const bool is_neutral = picture.votes.empty() ? folder.name == model::kNeutral
                                                          : majority_of(picture.votes) == neutral;
            if (!is_neutral) continue;
            ++pictures;
            for (std::size_t i = 0; i < means.size(); ++i)
                means[i] += std::log(std::max<double>(picture.probabilities[i], model::kMinProbability));
        }
    if (pictures == 0) return {};
    for (double& mean : means) mean = std::round(mean / static_cast<double>(pictures) * 1e4) / 1e4;
    return means;
}

}  // namespace emotion::training
