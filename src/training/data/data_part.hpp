#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "training/data/class_folders.hpp"
#include "training/data/vote_table.hpp"

namespace emotion::training {

/// The files of one part of the data, for training or validation.
struct DataPart {
    std::filesystem::path place;       ///< the folder or table it was listed from, for messages
    std::vector<ClassFolder> folders;  ///< one per class
    std::vector<VoteTable> tables;     ///< pictures with votes
    std::vector<std::string> added;    ///< classes whose folder comes only from add_pictures()
};

/// Whether the name is that of a table (.csv).
bool is_table(const std::filesystem::path& path);

/// Lists a folder of class folders, or a table by its rules. Throws Error and ConfigError as
/// list_class_folders() and read_vote_table() do.
DataPart list_part(const std::filesystem::path& place, const VoteRules& rules = {});

/// Adds the pictures of a table, of a folder of class folders or, given CLASS=DIR, of a folder as those of a
/// class. Throws as list_part(), and ConfigError for a folder without files.
void add_pictures(const std::string& more, DataPart& part, const VoteRules& rules = {});

/// For each added class without a folder in `validation`, moves the last tenth of its pictures by name there;
/// consecutive names, which often show the same scene, stay together.
void hold_out_missing(DataPart& training, DataPart& validation);

}  // namespace emotion::training
