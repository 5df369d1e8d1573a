#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace emotion {

inline constexpr std::uintmax_t kMaxFileBytes = 256u << 20;

/// Reads a whole file. Throws Error if it is missing, a folder or a pipe (the message names what was
/// `expected`, such as "a recipe"), cannot be read or is larger than `max_bytes`.
std::string read_file(const std::filesystem::path& path, std::uintmax_t max_bytes = kMaxFileBytes,
                      std::string_view expected = "a file");

/// The file extension in lower case with its dot, ".jpg" for A.JPG; empty if there is none.
std::string lower_ending(const std::filesystem::path& file);

/// The absolute path without "." and "..", the same for other spellings of a path; links are not followed.
/// Throws std::filesystem::filesystem_error for an empty path.
std::filesystem::path plain_path(const std::filesystem::path& path);

/// Whether a path is a regular file or does not exist: devices, pipes and folders do not keep results.
bool is_regular_or_new(const std::filesystem::path& path);

/// A long name cut to its beginning and a hash. File names are limited to 255 bytes, and a part file, or the
/// part file of a part file, needs room for its affixes.
std::string shortened(const std::string& name);

/// A temporary file beside `target`, written under path() by any writer and moved into place by commit().
/// Without commit() it is removed and the target stays as it was. A target that is a link stays one: the file
/// it points to is replaced.
class PartFile {
  public:
    /// Creates nothing yet. Throws Error if the target exists and is not a regular file, or its name is too
    /// long.
    explicit PartFile(std::filesystem::path target);
    ~PartFile();
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;

    /// .clip.mp4.PID.part.mp4 in the same folder for clip.mp4, so that a rename suffices; long names are
    /// shortened. The extension is kept for writers that choose a format by it.
    const std::filesystem::path& path() const { return part_; }
    /// Flushes to disk and renames. Throws Error and leaves the old target untouched.
    void commit();

  private:
    std::filesystem::path target_;
    std::filesystem::path part_;
};

/// A PartFile written through a stream. Not thread-safe.
class OutputFile {
  public:
    /// Throws Error if the target cannot be written to.
    explicit OutputFile(const std::filesystem::path& target);

    std::ostream& stream() { return stream_; }
    /// As PartFile::commit(). Throws Error also if a write failed, on a full disk for example.
    void commit();

  private:
    std::filesystem::path target_;
    PartFile part_;
    std::ofstream stream_;
};

/// Writes a file through OutputFile.
void write_file(const std::filesystem::path& target, std::string_view content);

}  // namespace emotion
