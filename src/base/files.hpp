#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace emotion {

/// The whole content of a file. Throws Error if it cannot be read or holds more than `max_bytes`.
std::string read_file(const std::filesystem::path& path, std::uintmax_t max_bytes = 256u << 20);

/// The name under which an output is written until it is complete: `clip.mp4` -> `.clip.mp4.<pid>.part.mp4`
/// in the same folder, so that a rename puts it in place; the ending stays for writers that look at it.
std::filesystem::path part_path(const std::filesystem::path& target);

/// Writes a file beside its target and renames it into place by commit(); without commit() the target is left
/// as it was and the part file is removed. Not thread-safe.
class OutputFile {
  public:
    /// Throws Error if the folder cannot be written to.
    explicit OutputFile(std::filesystem::path target);
    ~OutputFile();
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;

    std::ostream& stream() { return stream_; }
    /// Flushes to the disk and renames. Throws Error (a full disk, say) and leaves the old target untouched.
    void commit();

  private:
    std::filesystem::path target_;
    std::filesystem::path part_;
    std::ofstream stream_;
};

/// OutputFile in one call.
void write_file(const std::filesystem::path& target, std::string_view content);

}  // namespace emotion
