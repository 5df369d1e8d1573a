#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "apps/common/overlaps.hpp"
#include "apps/common/progress.hpp"
#include "model/model_card.hpp"
#include "training/data/class_folders.hpp"
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

/// The class folders in `folder` without what is left out; says how much that is.
std::vector<training::ClassFolder> list_pictures(const std::filesystem::path& folder,
                                                 const training::Exclusions& exclusions, Progress& progress);

/// Holds the folders' names against a card's: says for which shown classes there is no folder, and throws
/// ConfigError if no folder has the name of a class.
void check_folder_names(const model::ModelCard& card, const std::filesystem::path& folder,
                        const std::vector<training::ClassFolder>& folders, Progress& progress);

/// Loads the pictures in `folder` that the recipe learns and says what there is, what is ignored and what
/// cannot be read. Classes come in this order; empty: as the recipe chooses them from the folders. Throws
/// Error for a class without pictures, and where the folders have other classes of the recipe's than these.
training::Dataset load_pictures(const std::filesystem::path& folder, const training::Recipe& recipe,
                                std::vector<std::string> classes, const training::Exclusions& exclusions,
                                ThreadPool& threads, Progress& progress);

/// Shows a stage in which pictures are gone through. `progress` must outlive what it gives.
training::ScoringProgress show_stage(Progress& progress, std::string stage);

/// `card`, or the one that came with the program where that is empty.
std::filesystem::path card_or_usual(const std::filesystem::path& card);

/// How faces are found, by the configuration that came with the program.
faces::HaarOptions usual_detection();

}  // namespace emotion::apps
