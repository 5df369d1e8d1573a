#pragma once

#include <fstream>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "base/files.hpp"

namespace emotion::results {

/// A text that comes piece by piece. Written beside its target and put in place by finish(), or, where the
/// end is not known and someone may be reading along, in place and flushed with every piece. Not thread-safe.
class TextOutput {
  public:
    enum class Growth { kBeside, kInPlace };

    /// `target` "-" is the standard output; that and whatever is no ordinary file (a pipe, /dev/null) grow in
    /// place always. Throws Error if it cannot be written, as a pipe that nobody reads.
    TextOutput(std::string target, Growth growth);

    /// Throws Error, for a full disk or a reader that has gone. Once that was told, nothing more is done:
    /// what was there before stays, but for what grew in place.
    void write(std::string_view text);
    /// Throws Error if not everything could be written, and leaves what was there before as write() does.
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
