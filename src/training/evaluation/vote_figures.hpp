#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ml/metrics/agreement.hpp"
#include "ml/metrics/metrics.hpp"
#include "model/model_card.hpp"
#include "training/data/class_folders.hpp"
#include "training/data/vote_table.hpp"
#include "training/evaluation/scoring.hpp"

namespace emotion::training {

/// Agreement of a model with the votes of several people, over the scored pictures that have votes. A
/// majority is more than half of all voters.
struct VoteFigures {
    struct Label {
        std::string name;
        std::int64_t shown = 0;  ///< pictures that get the label
        /// The mean share of people who would give the label, over the pictures that get it.
        std::optional<ml::MeanWithInterval> agreement;
        std::optional<double> mean_agreement() const;
        /// The mean share of votes for each class of the card, over the pictures that get it.
        std::vector<double> vote_shares;
        ml::BinaryCounts by_majority;             ///< label shown or not, against the majority
        std::optional<double> correlation;        ///< of its probability with the share of votes
        std::optional<double> calibration_error;  ///< between the two
        std::vector<ml::ShareBin> reliability;    ///< the same by bin
        /// Recall of pictures with this majority at thresholds that label kCalmRates of the pictures that are
        /// calm or have another majority.
        std::array<std::optional<double>, 3> found;
    };
    static constexpr std::array<double, 3> kCalmRates{0.01, 0.02, 0.05};

    struct Majority {
        std::string name;
        std::int64_t pictures = 0, labeled = 0;  ///< with this majority; of them with any label
        std::vector<std::int64_t> shown;         ///< per label
    };

    std::int64_t pictures = 0, without_majority = 0;
    std::vector<Label> labels;         ///< per shown class
    std::vector<Majority> majorities;  ///< per class of the card
    std::vector<std::string> calm;     ///< names of the calm classes
    std::int64_t calm_pictures = 0, calm_labeled = 0;
    std::optional<double> cross_entropy;  ///< of the probabilities relative to the votes
    std::optional<double> most_likely;    ///< fraction of pictures whose most likely class has the most votes
    std::optional<double> most_likely_of_majority;  ///< the same over pictures with a majority

    std::optional<double> calm_rate() const;
};

/// The calm classes of a card: neutral, sad, angry and disgust as far as it does not show them or, if it has
/// none of these, all classes it does not show.
std::vector<std::string> calm_classes(const model::ModelCard& card);

/// Adds the votes in the tables to scored pictures, as shares by the card's classes. `scored` are the scores
/// of `folders`. Answers that by `rules` are not classes of the card count as votes for something else.
/// Throws ConfigError for a table without any class of the card or any of the pictures.
void add_votes(const model::ModelCard& card, const std::vector<ClassFolder>& folders,
               const std::vector<VoteTable>& tables, std::vector<ScoredFolder>& scored,
               const VoteRules& rules = {});

/// A summary metric of the votes, for display next to others.
struct VoteFigure {
    std::string key, name;  ///< in JSON; for readers
    std::optional<double> value;
};
/// The same metrics in the same order for cards that show the same classes.
std::vector<VoteFigure> summary_of(const VoteFigures& figures);
/// The columns that names of metrics take in texts, including a trailing space: `least`, or more for the
/// names of long classes.
std::size_t name_width(const std::vector<VoteFigure>& summary, std::size_t least);

/// nullopt if no picture has votes.
std::optional<VoteFigures> vote_figures(const model::ModelCard& card,
                                        const std::vector<ScoredFolder>& folders);

/// The class with more than half of all votes; nullopt if there is none.
std::optional<int> majority_of(const std::vector<float>& votes);

}  // namespace emotion::training
