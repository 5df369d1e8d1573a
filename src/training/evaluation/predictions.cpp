#include "training/evaluation/predictions.hpp"

#include <algorithm>

#include "base/formatted.hpp"
#include "training/evaluation/vote_figures.hpp"

namespace emotion::training {
namespace {

std::string field(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
    return quoted + '"';
}

std::string name_of(const std::optional<int>& index, const model::ModelCard& card) {
    return index ? field(card.classes[static_cast<std::size_t>(*index)]) : std::string();
}

/// One field per class, empty if there are no values.
std::string number_fields(const std::vector<float>& numbers, std::size_t classes) {
    std::string fields;
    for (std::size_t k = 0; k < classes; ++k)
        fields += "," + (numbers.empty() ? std::string() : formatted("%.6f", double{numbers[k]}));
    return fields;
}

}  // namespace

std::string predictions_csv(const model::ModelCard& card, const std::vector<ScoredFolder>& folders) {
    bool any_votes = false;
    for (const auto& folder : folders)
        any_votes |= std::any_of(folder.pictures.begin(), folder.pictures.end(),
                                 [](const ScoredPicture& picture) { return !picture.votes.empty(); });
    std::string text = "picture,truth,majority,shown";
    for (const auto& name : card.classes) text += "," + field("p_" + name);
    if (any_votes)
        for (const auto& name : card.classes) text += "," + field("votes_" + name);
    text += '\n';
    for (const auto& folder : folders)
        for (const auto& picture : folder.pictures) {
            const bool scored = picture.outcome == ScoredPicture::Outcome::kScored;
            text += field(picture.name) + "," + field(folder.name) + "," +
                    name_of(majority_of(picture.votes), card) + "," +
                    name_of(scored ? model::shown_label(picture.probabilities, card) : std::nullopt, card) +
                    number_fields(picture.probabilities, card.classes.size());
            if (any_votes) text += number_fields(picture.votes, card.classes.size());
            text += '\n';
        }
    return text;
}

}  // namespace emotion::training
