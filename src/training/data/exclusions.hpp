#pragma once

#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "training/data/class_folders.hpp"
#include "training/data/vote_table.hpp"

namespace emotion::training {

/// Pictures that are to be left out, by the user's list.
class Exclusions {
  public:
    Exclusions() = default;
    /// Reads a list of paths, one a line, counted from the `data` folder ("train/happy/1.png"), or the JSON
    /// of `trainer check` with its list "exclude". Empty lines and those that begin with # mean nothing.
    /// Throws Error for a file that cannot be read, ConfigError for JSON without such a list.
    Exclusions(const std::filesystem::path& list, const std::filesystem::path& data);

    std::size_t size() const { return paths_.size(); }
    /// How many of them name no file.
    std::size_t absent() const;
    /// Takes the pictures listed out of the folders; how many there were.
    std::size_t apply(std::vector<ClassFolder>& folders) const;
    std::size_t apply(VoteTable& table) const;

  private:
    std::set<std::filesystem::path> paths_;  // absolute
};

}  // namespace emotion::training
