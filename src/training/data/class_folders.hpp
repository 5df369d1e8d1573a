#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace emotion::training {

/// One class of a collection: a folder of pictures, named after the class.
struct ClassFolder {
    std::string name;
    std::vector<std::filesystem::path> files;  ///< in the order of their names; hidden ones left out
};

/// The folders in `folder` with the files in each, in the order of their names; hidden ones are left out, and
/// so is what lies deeper. Throws Error if `folder` cannot be listed or holds no folder.
std::vector<ClassFolder> list_class_folders(const std::filesystem::path& folder);

/// The pictures in a folder, which has none of its own below it, as those of the class `name`. Throws
/// ConfigError for a folder without a file or a name that no class folder can have, Error if it cannot be
/// listed.
ClassFolder list_pictures_of_class(const std::string& name, const std::filesystem::path& folder);

std::vector<std::string> names_of(const std::vector<ClassFolder>& folders);

/// `data`/`split`; with an empty `split` `data`/`usual` where there is such a folder, otherwise `data`
/// itself. Throws Error if the folder is not there.
std::filesystem::path find_split(const std::filesystem::path& data, const std::string& split,
                                 const std::string& usual);

}  // namespace emotion::training
