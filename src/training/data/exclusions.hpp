#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "training/data/class_folders.hpp"
#include "training/data/vote_table.hpp"

namespace emotion::training {

/// The line of a list that names a picture, so that Exclusions reads exactly this name; empty for a name with
/// a line break, which only JSON can hold.
std::string exclusion_line(const std::string& name);

/// The user's list of pictures to exclude.
class Exclusions {
  public:
    Exclusions() = default;
    /// Reads a list of paths relative to the `data` folder ("train/happy/1.png"), one per line, or the JSON
    /// of `trainer check` with its list "exclude". Ignores empty lines and lines starting with #; where no
    /// file has the name as it stands, also blanks at its end, and takes backslashes for slashes. Throws
    /// Error for a file that cannot be read, ConfigError for JSON without that list.
    Exclusions(const std::filesystem::path& list, const std::filesystem::path& data);

    std::size_t size() const { return paths_.size(); }
    /// The number of paths that name no file or link.
    std::size_t absent() const;
    /// The first of them as the list names it; empty: none.
    std::string first_absent() const;
    /// Removes listed pictures from the folders and returns how many.
    std::size_t apply(std::vector<ClassFolder>& folders) const;
    std::size_t apply(VoteTable& table) const;

  private:
    std::map<std::filesystem::path, std::string> paths_;  // absolute, with their names in the list
};

}  // namespace emotion::training
