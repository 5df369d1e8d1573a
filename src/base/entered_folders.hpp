#pragma once

#include <filesystem>
#include <set>

namespace emotion {

/// Keeps a recursive walk of a folder from entering any folder twice, or endlessly, through symbolic links.
class EnteredFolders {
  public:
    explicit EnteredFolders(const std::filesystem::path& root);

    /// Whether to descend into a folder: false if it was entered before under any name, or if it is a link to
    /// a folder that contains the root.
    bool enter(const std::filesystem::path& folder);

  private:
    std::filesystem::path root_;
    std::set<std::filesystem::path> entered_;
};

}  // namespace emotion
