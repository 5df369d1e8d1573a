#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

#include "apps/common/progress.hpp"

namespace emotion::apps {

/// How far the work on recorded sources is: frames of the one at work, and of several the time left for all.
class RecordingProgress {
  public:
    /// On stderr. `most_frames`: where the work ends, counted through all sources; nullopt: nowhere.
    RecordingProgress(std::size_t sources, std::optional<std::int64_t> most_frames, Progress::Style style);
    /// Onto any stream, as Progress.
    struct Target {
        Progress::Style style;
        std::ostream& out;
        int columns;
        std::function<Progress::Clock::time_point()> now;
    };
    RecordingProgress(std::size_t sources, std::optional<std::int64_t> most_frames, const Target& target);

    /// One of the sources begins, with so many frames (0: nobody knows); `number` counts from 1.
    void start(const std::string& name, std::int64_t frames, std::size_t number);
    void frame_done();

  private:
    std::string of_all_sources() const;

    const std::size_t sources_;
    const std::optional<std::int64_t> most_frames_;
    const std::function<Progress::Clock::time_point()> now_;
    const Progress::Clock::time_point begun_;
    Progress progress_;
    std::int64_t frames_ = 0, frames_done_ = 0;  ///< of the source at work; 0: nobody knows how many
    std::int64_t frames_before_ = 0;             ///< done of the sources before it
    std::size_t number_ = 0;
};

}  // namespace emotion::apps
