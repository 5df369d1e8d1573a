#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace emotion::test {

/// A new empty folder, removed with its contents by the destructor.
class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(const std::filesystem::path& name) const { return path_ / name; }

  private:
    std::filesystem::path path_;
};

/// Whether the file exists, which a program may rename at any moment, and has more bytes than `least`.
bool has_content(const std::filesystem::path& file, std::uintmax_t least = 0);

/// The number of files and folders in a folder, not recursive.
std::size_t files_in(const std::filesystem::path& folder);

}  // namespace emotion::test
