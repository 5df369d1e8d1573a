#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace emotion::training {

/// A class of a collection: a folder of pictures, named after the class.
struct ClassFolder {
    std::string name;
    /// Sorted by name, files of a folder before those of its subfolders, without hidden ones.
    std::vector<std::filesystem::path> files;
    std::vector<std::filesystem::path> roots{};  ///< the folders that contain the files

    /// The name of one of the files in results: "happy/1.png", "happy/anna/1.png".
    std::string name_of(const std::filesystem::path& file) const;
    /// Adds the files of another folder; they stay where they are.
    void add(const ClassFolder& other);
};

/// Lists the subfolders of `folder` with the files in and below each (say, in a folder for each person),
/// sorted by name, without hidden ones. Follows links to folders but reads nothing twice for a class. Throws
/// Error if a folder cannot be listed or `folder` has no subfolder.
std::vector<ClassFolder> list_class_folders(const std::filesystem::path& folder);

/// How many files are in subfolders of class folders, and in which; empty: none.
std::string subfolders_text(const std::vector<ClassFolder>& folders);

/// The pictures in and below a folder as those of class `name`. Throws ConfigError for a folder without files
/// or an invalid class name, Error if it cannot be listed.
ClassFolder list_pictures_of_class(const std::string& name, const std::filesystem::path& folder);

std::vector<std::string> names_of(const std::vector<ClassFolder>& folders);

/// `data`/`split`; with an empty `split`, `data`/`fallback` if that folder exists, otherwise `data` itself.
/// Throws Error if the folder does not exist, or if there is no `fallback` but a folder whose name means it,
/// such as val for validation.
std::filesystem::path find_split(const std::filesystem::path& data, const std::string& split,
                                 const std::string& fallback);

}  // namespace emotion::training
