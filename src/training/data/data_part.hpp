#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "training/data/class_folders.hpp"
#include "training/data/vote_table.hpp"

namespace emotion::training {

/// The pictures of one part of the data, training's or validation's, by their names alone.
struct DataPart {
    std::filesystem::path place;       ///< the folder or table it was listed from, for messages
    std::vector<ClassFolder> folders;  ///< by class
    std::vector<VoteTable> tables;     ///< pictures of which people said something
    std::vector<std::string> added;    ///< classes that have a folder by add_pictures() alone
};

/// Whether it is named as a table, not as a folder: .csv.
bool is_table(const std::filesystem::path& path);

/// A folder of class folders, or a table. Throws Error and ConfigError as list_class_folders() and
/// read_vote_table() do.
DataPart list_part(const std::filesystem::path& place);

/// Adds pictures: of a table, of a folder of class folders, or, as CLASS=DIR, those that lie in a folder as
/// pictures of a class. Throws as list_part(), and ConfigError for a folder without a file.
void add_pictures(const std::string& more, DataPart& part);

/// Moves the last tenth, in the order of names, of the pictures of each added class of which `validation` has
/// no folder into it; neighboring names, which often are of one scene, so stay together.
void hold_out_missing(DataPart& training, DataPart& validation);

}  // namespace emotion::training
