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

/// How a model's answers go with what several people said of each picture; over the scored pictures that have
/// votes. A majority is more than half of the people asked, whatever the others said.
struct VoteFigures {
    struct Label {
        std::string name;
        std::int64_t shown = 0;  ///< pictures that get the label
        /// Share of the people who would give the label too, on the pictures that get it.
        std::optional<ml::MeanWithInterval> agreement;
        /// What people say of the pictures that get it: the mean share of each class of the card.
        std::vector<double> said;
        ml::BinaryCounts by_majority;             ///< label shown or not, against what the majority says
        std::optional<double> correlation;        ///< of its probability with the share of people
        std::optional<double> calibration_error;  ///< between the two
        std::vector<ml::ShareBin> reliability;    ///< the same bin by bin
        /// Of the pictures that the majority gives the class: those found where kCalmRates of the calm ones
        /// and those of other labels get the label.
        std::array<std::optional<double>, 3> found;
    };
    static constexpr std::array<double, 3> kCalmRates{0.01, 0.02, 0.05};

    struct Majority {
        std::string name;
        std::int64_t pictures = 0, labelled = 0;  ///< that most people give the class; of them with any label
        std::vector<std::int64_t> shown;          ///< for each label
    };

    std::int64_t pictures = 0, without_majority = 0;
    std::vector<Label> labels;         ///< for each shown class
    std::vector<Majority> majorities;  ///< for each class of the card
    std::vector<std::string> calm;     ///< the classes that are calm
    std::int64_t calm_pictures = 0, calm_labelled = 0;
    std::optional<double> cross_entropy;  ///< of all probabilities to the votes
    std::optional<double> likeliest;  ///< share of pictures whose likeliest class is the people's likeliest
    std::optional<double> likeliest_of_majority;  ///< the same of pictures with a majority

    std::optional<double> calm_rate() const;
};

/// Which classes of a card are calm: those named neutral, sad, angry and disgust that it does not show or,
/// where it knows none of these, all that it does not show.
std::vector<std::string> calm_classes(const model::ModelCard& card);

/// Adds to scored pictures what the tables say of them, as shares by the card's classes. `scored` is of
/// `folders`. Answers that are no class of the card count as people who said something else. Throws
/// ConfigError for a table with no class of the card, or none of the pictures.
void add_votes(const model::ModelCard& card, const std::vector<ClassFolder>& folders,
               const std::vector<VoteTable>& tables, std::vector<ScoredFolder>& scored);

/// One of the figures by votes to be set beside others': names fit kFigureNameWidth where classes' are short.
struct VoteFigure {
    std::string key, name;  ///< in JSON; to be read
    std::optional<double> value;
};
/// The same figures in the same order for cards that show the same classes.
std::vector<VoteFigure> summary_of(const VoteFigures& figures);

/// nullopt if no picture has votes.
std::optional<VoteFigures> vote_figures(const model::ModelCard& card,
                                        const std::vector<ScoredFolder>& folders);

/// The class that most people, more than half, give a picture of such votes; nullopt if there is none.
std::optional<int> majority_of(const std::vector<float>& votes);

}  // namespace emotion::training
