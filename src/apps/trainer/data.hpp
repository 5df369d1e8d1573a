#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "apps/common/overlaps.hpp"
#include "apps/common/progress.hpp"
#include "model/model_card.hpp"
#include "training/data/class_folders.hpp"
#include "training/data/data_part.hpp"
#include "training/data/dataset.hpp"
#include "training/data/exclusions.hpp"
#include "training/evaluation/scoring.hpp"
#include "training/recipe/recipe.hpp"

namespace emotion::apps {

/// Adds a card that is read, and its weights. Those of a card that cannot be read are not known; that it
/// cannot is told where it is needed.
void add_card(std::vector<NamedFile>& inputs, const std::string& what, const std::filesystem::path& card);

/// What --report writes into its folder under the same names each time; nothing without a folder.
std::vector<NamedFile> report_outputs(const std::filesystem::path& folder);

/// refuse_overlaps(), and refuses to replace a picture, as no command writes any under a name that is given.
void check_outputs(const std::vector<NamedFile>& outputs, const std::vector<NamedFile>& inputs);

/// What the user's list leaves out; nothing without a list. Says how much of it is not there.
training::Exclusions read_exclusions(const std::filesystem::path& list, const std::filesystem::path& data,
                                     Progress& progress);

/// Holds the folders' names against a card's: says for which shown classes there is no folder, and throws
/// ConfigError if no folder has the name of a class.
void check_folder_names(const model::ModelCard& card, const std::filesystem::path& folder,
                        const std::vector<training::ClassFolder>& folders, Progress& progress);

/// Takes out of `part` what is to be left out; says how much that is.
void exclude(const training::Exclusions& exclusions, training::DataPart& part, Progress& progress);

/// Loads the pictures of `part` that the recipe learns, with what `votes` say of them, and says what there
/// is, what is ignored and what cannot be read. Classes come in this order; empty: as the recipe chooses them
/// from the folders. Throws Error for a class without pictures, and where the folders have other classes of
/// the recipe's than these.
training::Dataset load_pictures(const training::DataPart& part, const std::vector<training::VoteTable>& votes,
                                const training::Recipe& recipe, std::vector<std::string> classes,
                                ThreadPool& threads, Progress& progress);

/// What a command is to measure on, as its options say.
struct MeasuredData {
    std::filesystem::path data;                ///< folder of class folders or of parts with such, or a table
    std::string split;                         ///< empty: validation where there is such a part
    std::vector<std::filesystem::path> votes;  ///< tables of what people said of the pictures
    std::filesystem::path exclude;             ///< list of pictures to leave out; empty: none
};
struct MeasuredPictures {
    std::filesystem::path place;  ///< where they are, for messages
    std::vector<training::ClassFolder> folders;
    std::vector<training::VoteTable> tables;  ///< what people said of them
};
/// Lists the pictures that `card` is to be measured on; says what is left out. Those of a table are put into
/// the class of their label or of what most people said.
MeasuredPictures list_measured(const model::ModelCard& card, const MeasuredData& data, Progress& progress);

/// Shows a stage in which pictures are gone through. `progress` must outlive what it gives.
training::ScoringProgress show_stage(Progress& progress, std::string stage);

/// `card`, or the one that came with the program where that is empty.
std::filesystem::path card_or_default(const std::filesystem::path& card);

/// How faces are found, by the configuration that came with the program.
faces::HaarOptions usual_detection();

}  // namespace emotion::apps
