#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "training/data/class_folders.hpp"
#include "training/data/vote_table.hpp"

namespace emotion::training {

/// A picture and what is known of it, before it is read.
struct LabelledPicture {
    std::filesystem::path file;
    std::string name;           ///< class/file, or its path in a table
    int label = 0;              ///< its folder, its table's label or, without either, what most people said
    std::vector<float> target;  ///< what is learned of it, a distribution over the classes; empty: the label
    std::vector<float> votes;   ///< the share of the people asked who said each class; empty: not known
};

/// The pictures of one part of the data.
struct CollectedPictures {
    std::vector<LabelledPicture> pictures;
    std::size_t few_votes = 0;        ///< pictures left out for having fewer votes than the rules ask for
    std::size_t without_votes = 0;    ///< pictures in folders of which no table says anything
    std::size_t without_picture = 0;  ///< rows of `tables` whose picture is not there
};

/// The pictures of `folders`, with what `votes` and `tables` say of them, and then those of `tables` that lie
/// in none of the folders. Folders' names are classes. Throws ConfigError as places_of_answers() does, and
/// for a label that is no class.
CollectedPictures collect_pictures(const std::vector<ClassFolder>& folders,
                                   const std::vector<VoteTable>& votes, const std::vector<VoteTable>& tables,
                                   const VoteRules& rules, const std::vector<std::string>& classes);

}  // namespace emotion::training
