#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "training/data/class_folders.hpp"
#include "training/data/vote_table.hpp"

namespace emotion::training {

/// A picture with its label, before it is read.
struct LabeledPicture {
    std::filesystem::path file;
    std::string name;           ///< class/file, or its path in a table
    int label = 0;              ///< from its folder, else from its table's label, else by the most votes
    std::vector<float> target;  ///< the distribution over classes to learn; empty: the label
    std::vector<float> votes;   ///< share of voters for each class; empty: unknown
};

/// The pictures of one part of the data.
struct CollectedPictures {
    std::vector<LabeledPicture> pictures;
    std::size_t few_votes = 0;        ///< pictures skipped for too few votes
    std::size_t without_votes = 0;    ///< pictures in folders that no table mentions
    std::size_t without_picture = 0;  ///< rows of `tables` whose picture does not exist
};

/// The classes of tables whose recipe is not known: what their answers count for, in the order of columns,
/// then other labels by name.
std::vector<std::string> classes_in(const std::vector<VoteTable>& tables, const VoteRules& rules);

/// The pictures of `folders`, with votes from `votes` and `tables`, followed by those of `tables` outside the
/// folders. The votes that several tables have for a picture are added. Folder names are classes. Throws
/// ConfigError as answer_class_indices() does, and for a label that is not a class or not that of another
/// table.
CollectedPictures collect_pictures(const std::vector<ClassFolder>& folders,
                                   const std::vector<VoteTable>& votes, const std::vector<VoteTable>& tables,
                                   const VoteRules& rules, const std::vector<std::string>& classes);

}  // namespace emotion::training
