#include "training/evaluation/vote_figures.hpp"

#include <algorithm>
#include <map>

#include "base/display_width.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/join.hpp"

namespace emotion::training {
namespace {

/// A scored picture with votes, and values derived from both.
struct VotedPicture {
    const ScoredPicture* picture;
    std::optional<int> majority, shown;
};

std::vector<VotedPicture> voted_pictures(const model::ModelCard& card,
                                         const std::vector<ScoredFolder>& folders) {
    std::vector<VotedPicture> voted;
    for (const auto& folder : folders)
        for (const auto& picture : folder.pictures)
            if (picture.outcome == ScoredPicture::Outcome::kScored && !picture.votes.empty())
                voted.push_back(
                    {&picture, majority_of(picture.votes), model::shown_label(picture.probabilities, card)});
    return voted;
}

bool is_any_of(int index, const std::vector<int>& indices) {
    return std::count(indices.begin(), indices.end(), index) > 0;
}

std::vector<int> calm_indices(const model::ModelCard& card) {
    std::vector<int> indices;
    for (const auto& name : calm_classes(card)) indices.push_back(card.class_index(name));
    return indices;
}

VoteFigures::Label label_figures(const model::ModelCard& card, const model::ShownClass& shown,
                                 const std::vector<VotedPicture>& voted, const std::vector<int>& calm) {
    const auto k = static_cast<std::size_t>(shown.class_index);
    VoteFigures::Label label;
    label.name = card.classes[k];
    label.vote_shares.assign(card.classes.size(), 0.0);
    std::vector<double> agreeing, probabilities, shares, positive, negative;
    for (const auto& one : voted) {
        const auto& votes = one.picture->votes;
        probabilities.push_back(one.picture->probabilities[k]);
        shares.push_back(votes[k]);
        const bool is_shown = one.shown == shown.class_index;
        const bool is_majority = one.majority == shown.class_index;
        auto& count = is_majority ? (is_shown ? label.by_majority.tp : label.by_majority.fn)
                                  : (is_shown ? label.by_majority.fp : label.by_majority.tn);
        ++count;
        if (is_shown) {
            agreeing.push_back(votes[k]);
            for (std::size_t c = 0; c < votes.size(); ++c) label.vote_shares[c] += votes[c];
        }
        const double evidence = model::evidence_for(shown, one.picture->probabilities);
        const bool other_label = one.majority && std::any_of(card.shown.begin(), card.shown.end(),
                                                             [&](const model::ShownClass& other) {
                                                                 return other.class_index == *one.majority;
                                                             });
        if (is_majority)
            positive.push_back(evidence);
        else if (one.majority && (other_label || is_any_of(*one.majority, calm)))
            negative.push_back(evidence);
    }
    label.shown = static_cast<std::int64_t>(agreeing.size());
    for (double& share : label.vote_shares) share /= std::max(1.0, static_cast<double>(agreeing.size()));
    label.agreement = ml::mean_with_interval(agreeing);
    label.correlation = ml::correlation(probabilities, shares);
    label.reliability = ml::share_bins(probabilities, shares);
    label.calibration_error = ml::share_calibration_error(probabilities, shares);
    for (std::size_t i = 0; i < VoteFigures::kCalmRates.size(); ++i)
        label.found[i] = ml::recall_at(positive, negative, VoteFigures::kCalmRates[i]);
    return label;
}

void count_majorities(const model::ModelCard& card, const std::vector<VotedPicture>& voted,
                      const std::vector<int>& calm, VoteFigures& figures) {
    for (const auto& name : card.classes)
        figures.majorities.push_back({name, 0, 0, std::vector<std::int64_t>(card.shown.size(), 0)});
    for (const auto& one : voted) {
        if (!one.majority) {
            ++figures.without_majority;
            continue;
        }
        auto& of_class = figures.majorities[static_cast<std::size_t>(*one.majority)];
        ++of_class.pictures;
        of_class.labeled += one.shown.has_value();
        for (std::size_t k = 0; k < card.shown.size(); ++k)
            of_class.shown[k] += one.shown == card.shown[k].class_index;
        if (is_any_of(*one.majority, calm)) {
            ++figures.calm_pictures;
            figures.calm_labeled += one.shown.has_value();
        }
    }
}

void measure_distributions(const model::ModelCard& card, const std::vector<VotedPicture>& voted,
                           VoteFigures& figures) {
    std::vector<float> probabilities, votes;
    std::int64_t right = 0, right_of_majority = 0, pictures = 0, with_majority = 0;
    for (const auto& one : voted) {
        const auto& of_picture = one.picture->votes;
        const auto& answer = one.picture->probabilities;
        probabilities.insert(probabilities.end(), answer.begin(), answer.end());
        votes.insert(votes.end(), of_picture.begin(), of_picture.end());
        const float most = *std::max_element(of_picture.begin(), of_picture.end());
        if (most <= 0.0f) continue;
        const auto most_likely =
            static_cast<std::size_t>(std::max_element(answer.begin(), answer.end()) - answer.begin());
        const bool is_right = of_picture[most_likely] == most;  // any of those with equally many votes
        ++pictures;
        right += is_right;
        with_majority += one.majority.has_value();
        right_of_majority += one.majority && is_right;
    }
    figures.cross_entropy = ml::cross_entropy_to_shares(probabilities, votes, card.classes.size());
    figures.most_likely = ml::proportion(right, pictures);
    figures.most_likely_of_majority = ml::proportion(right_of_majority, with_majority);
}

}  // namespace

std::optional<double> VoteFigures::Label::mean_agreement() const {
    return agreement ? std::optional(agreement->mean) : std::nullopt;
}

std::optional<double> VoteFigures::calm_rate() const {
    return ml::proportion(calm_labeled, calm_pictures);
}

std::optional<int> majority_of(const std::vector<float>& votes) {
    const auto most = std::max_element(votes.begin(), votes.end());
    if (most == votes.end() || *most <= 0.5f) return std::nullopt;
    return static_cast<int>(most - votes.begin());
}

std::vector<std::string> calm_classes(const model::ModelCard& card) {
    static const std::vector<std::string> kCalm{"neutral", "sad", "angry", "disgust"};
    const auto shown = card.shown_names();
    std::vector<std::string> calm, others;
    for (const auto& name : card.classes) {
        if (std::count(shown.begin(), shown.end(), name)) continue;
        others.push_back(name);
        if (std::count(kCalm.begin(), kCalm.end(), name)) calm.push_back(name);
    }
    return calm.empty() ? others : calm;
}

void add_votes(const model::ModelCard& card, const std::vector<ClassFolder>& folders,
               const std::vector<VoteTable>& tables, std::vector<ScoredFolder>& scored,
               const VoteRules& rules) {
    std::map<std::filesystem::path, PictureVotes> by_picture;
    bool any_votes = false;
    for (const auto& table : tables) {
        if (table.answers.empty()) continue;  // only labels
        any_votes = true;
        std::vector<int> places;
        for (const auto& answer : table.answers)
            places.push_back(card.find_class(rules.class_of(answer)).value_or(-1));
        if (std::all_of(places.begin(), places.end(), [](int place) { return place < 0; }))
            throw ConfigError(
                table.file.string() + ": has the columns " + join(table.answers) + ", but the classes of " +
                card.name + " are " + join(card.classes) +
                "; give columns and classes the same names, or a recipe (--recipe) whose votes: "
                "{meaning} says which is which");
        for (const auto& row : table.rows) by_picture[row.picture].add(row, places, card.classes.size());
    }
    std::size_t found = 0;
    for (std::size_t folder = 0; folder < folders.size(); ++folder)
        for (std::size_t i = 0; i < folders[folder].files.size(); ++i) {
            const auto votes = by_picture.find(plain_path(folders[folder].files[i]));
            if (votes == by_picture.end() || votes->second.people <= 0.0f) continue;
            auto shares = votes->second.counts;
            for (float& share : shares) share /= votes->second.people;
            scored[folder].pictures[i].votes = std::move(shares);
            ++found;
        }
    if (any_votes && found == 0)
        throw ConfigError(tables.front().file.string() +
                          ": names none of the pictures; its paths are relative to its own folder");
}

std::vector<VoteFigure> summary_of(const VoteFigures& figures) {
    std::vector<VoteFigure> summary;
    for (const auto& label : figures.labels) {
        summary.push_back({"agreement_" + label.name, "agree: " + label.name, label.mean_agreement()});
        summary.push_back({"recall_" + label.name, "found: " + label.name, ml::recall(label.by_majority)});
        summary.push_back({"correlation_" + label.name, "correlation: " + label.name, label.correlation});
    }
    summary.push_back({"calm_labelled", "calm labelled", figures.calm_rate()});
    summary.push_back({"cross_entropy", "cross-entropy", figures.cross_entropy});
    summary.push_back({"likeliest", "likeliest right", figures.most_likely});
    return summary;
}

std::size_t name_width(const std::vector<VoteFigure>& summary, std::size_t least) {
    for (const auto& figure : summary) least = std::max(least, display_width(figure.name) + 1);
    return least;
}

std::optional<VoteFigures> vote_figures(const model::ModelCard& card,
                                        const std::vector<ScoredFolder>& folders) {
    const auto voted = voted_pictures(card, folders);
    if (voted.empty()) return std::nullopt;
    VoteFigures figures;
    figures.pictures = static_cast<std::int64_t>(voted.size());
    figures.calm = calm_classes(card);
    const auto calm = calm_indices(card);
    for (const auto& shown : card.shown) figures.labels.push_back(label_figures(card, shown, voted, calm));
    count_majorities(card, voted, calm, figures);
    measure_distributions(card, voted, figures);
    return figures;
}

}  // namespace emotion::training
