#pragma once

#include <filesystem>
#include <set>

namespace emotion {

/// Keeps someone who reads a folder with all that lies below it from reading anything twice or for ever, as
/// links to folders would make them.
class EnteredFolders {
  public:
    explicit EnteredFolders(const std::filesystem::path& root);

    /// Whether a folder below the root is to be read: not if it was entered before, whatever its name was
    /// then, or if it is a link to a folder that the root itself lies in.
    bool enter(const std::filesystem::path& folder);

  private:
    std::filesystem::path root_;
    std::set<std::filesystem::path> entered_;
};

}  // namespace emotion
