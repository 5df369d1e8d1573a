#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

#include "apps/common/progress.hpp"

namespace emotion::apps {

/// Shows the progress of recorded sources: frames of the current one and, with several, the remaining time
/// for all.
class RecordingProgress {
  public:
    /// Writes to stderr. `most_frames`: the limit over all sources; nullopt: none.
    RecordingProgress(std::size_t sources, std::optional<std::int64_t> most_frames, Progress::Style style);
    /// Writes to any stream, as Progress.
    struct Target {
        Progress::Style style;
        std::ostream& out;
        int columns;
        std::function<Progress::Clock::time_point()> now;
    };
    RecordingProgress(std::size_t sources, std::optional<std::int64_t> most_frames, const Target& target);

    /// Starts a source with this many frames (0: unknown); `number` counts from 1.
    void start(const std::string& name, std::int64_t frames, std::size_t number);
    void frame_done();

  private:
    std::string of_all_sources() const;

    const std::size_t sources_;
    const std::optional<std::int64_t> most_frames_;
    const std::function<Progress::Clock::time_point()> now_;
    const Progress::Clock::time_point started_;
    Progress progress_;
    std::int64_t frames_ = 0, frames_done_ = 0;  ///< of the current source; 0: unknown
    std::int64_t frames_before_ = 0;             ///< of previous sources
    std::size_t number_ = 0;
};

}  // namespace emotion::apps
