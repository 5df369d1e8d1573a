#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace emotion {

inline constexpr std::uintmax_t kMaxFileBytes = 256u << 20;

/// The whole content of a file. Throws Error, which says what was `expected` ("a recipe", say), if it is not
/// there, a folder or a pipe, and Error too if it cannot be read or holds more than `max_bytes`.
std::string read_file(const std::filesystem::path& path, std::uintmax_t max_bytes = kMaxFileBytes,
                      std::string_view expected = "a file");

/// How a file's name ends, in lower case and with the dot: ".jpg" for A.JPG; empty: without an ending.
std::string lower_ending(const std::filesystem::path& file);

/// Of a long name only the beginning, and what tells it from others that begin so, for the names of files
/// that stand beside it: a name ends at 255 bytes, and the part file of a part file needs room too.
std::string shortened(const std::string& name);

/// A file that a writer of any kind fills under path() until it is complete; without commit() the target is
/// left as it was and the part file is removed. Where the target is a link, the file it leads to is replaced.
class PartFile {
  public:
    /// Creates nothing yet. Throws Error if the target is there and no ordinary file, or its name too long.
    explicit PartFile(std::filesystem::path target);
    ~PartFile();
    PartFile(const PartFile&) = delete;
    PartFile& operator=(const PartFile&) = delete;

    /// For clip.mp4 it is .clip.mp4.PID.part.mp4 in the same folder, so that a rename puts it in place; of a
    /// long name only the beginning is in it, so that this fits too. The ending stays for writers that look
    /// at it.
    const std::filesystem::path& path() const { return part_; }
    /// Flushes to the disk and renames. Throws Error and leaves the old target untouched.
    void commit();

  private:
    std::filesystem::path target_;
    std::filesystem::path part_;
};

/// A part file written through a stream. Not thread-safe.
class OutputFile {
  public:
    /// Throws Error if the target cannot be written to.
    explicit OutputFile(const std::filesystem::path& target);

    std::ostream& stream() { return stream_; }
    /// PartFile::commit; throws Error too if not everything could be written (a full disk, say).
    void commit();

  private:
    std::filesystem::path target_;
    PartFile part_;
    std::ofstream stream_;
};

/// OutputFile in one call.
void write_file(const std::filesystem::path& target, std::string_view content);

}  // namespace emotion
