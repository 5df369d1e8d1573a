#pragma once

#include <fstream>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "base/files.hpp"

namespace emotion::results {

/// A text written piece by piece, either next to its target and moved into place by finish() or, if the end
/// is not known and others may be reading along, in place and flushed after each piece. Not thread-safe.
class TextOutput {
  public:
    enum class Growth { kBeside, kInPlace };

    /// `target` "-" is standard output; that and anything but regular files (a pipe, /dev/null) always grow
    /// in place. Throws Error if it cannot be written, such as a pipe without a reader.
    TextOutput(std::string target, Growth growth);

    /// Throws Error on a full disk or a closed pipe. After that nothing more is written: an existing file is
    /// left as it was, except for what has grown in place.
    void write(std::string_view text);
    /// Throws Error if not everything could be written, with the effects described at write().
    void finish();

  private:
    void check();

    std::string target_;
    bool failed_ = false;
    std::optional<OutputFile> beside_;
    std::ofstream in_place_;
    std::ostream* stream_ = nullptr;
};

}  // namespace emotion::results
