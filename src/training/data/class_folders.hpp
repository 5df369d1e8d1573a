#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace emotion::training {

/// One class of a collection: a folder of pictures, named after the class.
struct ClassFolder {
    std::string name;
    /// In the order of their names, those of a folder before those of the folders in it; hidden ones left
    /// out.
    std::vector<std::filesystem::path> files;
    std::vector<std::filesystem::path> roots{};  ///< the folders that the files lie in or below

    /// What a file of it is called in results: "happy/1.png", "happy/anna/1.png".
    std::string name_of(const std::filesystem::path& file) const;
    /// Adds the files of another folder, which keep their places.
    void add(const ClassFolder& other);
};

/// The folders in `folder` with the files in and below each (a folder for each person, say), in the order of
/// their names; hidden ones are left out. Links to folders are followed, but nothing is read twice for a
/// class. Throws Error if a folder cannot be listed or `folder` holds no folder.
std::vector<ClassFolder> list_class_folders(const std::filesystem::path& folder);

/// How many files lie in folders within those of their classes, and in which; empty: none do.
std::string subfolders_text(const std::vector<ClassFolder>& folders);

/// The pictures in and below a folder as those of the class `name`. Throws
/// ConfigError for a folder without a file or a name that no class folder can have, Error if it cannot be
/// listed.
ClassFolder list_pictures_of_class(const std::string& name, const std::filesystem::path& folder);

std::vector<std::string> names_of(const std::vector<ClassFolder>& folders);

/// `data`/`split`; with an empty `split` `data`/`usual` where there is such a folder, otherwise `data`
/// itself. Throws Error if the folder is not there.
std::filesystem::path find_split(const std::filesystem::path& data, const std::string& split,
                                 const std::string& usual);

}  // namespace emotion::training
