#pragma once

#include <filesystem>
#include <vector>

#include "support/temporary_folder.hpp"

namespace emotion::test {

/// Sets the program's working folder for the lifetime of this object.
class WorkingFolder {
  public:
    WorkingFolder() : before_(std::filesystem::current_path()) {
        std::filesystem::current_path(folder_.path());
    }
    ~WorkingFolder() { std::filesystem::current_path(before_); }
    WorkingFolder(const WorkingFolder&) = delete;
    WorkingFolder& operator=(const WorkingFolder&) = delete;

    std::vector<std::filesystem::path> files() const {
        std::vector<std::filesystem::path> found;
        for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
            found.push_back(entry.path());
        return found;
    }
    void remove() { std::filesystem::remove(folder_.path()); }

  private:
    TemporaryFolder folder_;
    const std::filesystem::path before_;
};

}  // namespace emotion::test
