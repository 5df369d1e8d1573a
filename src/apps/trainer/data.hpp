#pragma once

#include <filesystem>
#include <string>
#include <utility>
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

/// Adds a card and its weights to the inputs. If the card cannot be read, its weights are unknown; the error
/// is reported when it is used.
void add_card(std::vector<NamedFile>& inputs, const std::string& what, const std::filesystem::path& card);

/// The files with fixed names that --report writes; none without a folder.
std::vector<NamedFile> report_outputs(const std::filesystem::path& folder);

/// refuse_overlaps(), and refuses to overwrite pictures, because no command writes any to a named file.
void check_outputs(const std::vector<NamedFile>& outputs, const std::vector<NamedFile>& inputs);

/// The user's list of exclusions, empty without a list. Reports how many of its files do not exist.
training::Exclusions read_exclusions(const std::filesystem::path& list, const std::filesystem::path& data,
                                     Progress& progress);

/// What a recipe says of the columns of tables; the defaults without one. Throws as read_recipe() does.
training::VoteRules read_vote_rules(const std::filesystem::path& recipe);

/// The folder that the paths in a list of exclusions are relative to: the data's, or that of a table.
std::filesystem::path base_of(const std::filesystem::path& data);

/// Compares the names of folders with a card's classes: reports shown classes without a folder, and throws
/// ConfigError if no folder has the name of a class.
void check_folder_names(const model::ModelCard& card, const std::filesystem::path& folder,
                        const std::vector<training::ClassFolder>& folders, Progress& progress);

/// Removes excluded pictures from `part` and reports their number.
void exclude(const training::Exclusions& exclusions, training::DataPart& part, Progress& progress);

/// training::choose_classes() of a part of the data, which errors name.
std::vector<training::ClassFolder> choose_classes(const training::DataPart& part,
                                                  const training::Recipe& recipe, bool by_votes);

/// Loads pictures as a recipe uses them, with `votes` on them, and reports what was found, ignored and
/// unreadable. What it refers to must outlive it.
class PictureLoader {
  public:
    PictureLoader(const training::Recipe& recipe, std::vector<training::VoteTable> votes, ThreadPool& threads,
                  Progress& progress)
        : recipe_(recipe), votes_(std::move(votes)), threads_(threads), progress_(progress) {}

    /// Classes are in the order of `classes`; empty: chosen by the recipe. Throws Error for a class without
    /// pictures, and if the folders have other classes of the recipe.
    training::Dataset load(const training::DataPart& part, std::vector<std::string> classes = {}) const;

  private:
    const training::Recipe& recipe_;
    std::vector<training::VoteTable> votes_;
    ThreadPool& threads_;
    Progress& progress_;
};

/// The options that select evaluation data.
struct MeasuredData {
    std::filesystem::path data;                ///< folder of class folders or of splits with such, or a table
    std::string split;                         ///< empty: validation if that folder exists
    std::vector<std::filesystem::path> votes;  ///< tables of votes on the pictures
    std::filesystem::path recipe;   ///< says what the columns of tables mean; empty: the classes they name
    std::filesystem::path exclude;  ///< list of pictures to exclude; empty: none
};
/// Its files, which no output may overwrite.
std::vector<NamedFile> inputs_of(const MeasuredData& data);

struct MeasuredPictures {
    std::filesystem::path place;  ///< for messages
    std::vector<training::ClassFolder> folders;
    std::vector<training::VoteTable> tables;  ///< votes on the pictures
    training::VoteRules rules;                ///< of the tables
};
/// Lists the pictures for evaluating `card` and reports exclusions. Pictures of a table are assigned to the
/// class of their label or of the most votes.
MeasuredPictures list_measured(const model::ModelCard& card, const MeasuredData& data, Progress& progress);

/// Shows progress through pictures as a stage. `progress` must outlive the result.
training::ScoringProgress show_stage(Progress& progress, std::string stage);

/// `card`, or the default model if empty.
std::filesystem::path card_or_default(const std::filesystem::path& card);

/// The detection settings of the default configuration.
faces::HaarOptions default_detection();

}  // namespace emotion::apps
