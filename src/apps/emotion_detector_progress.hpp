#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "apps/progress.hpp"
#include "vision/frame_source.hpp"

namespace emotion::apps {

/// How far the work on recorded sources is: frames of the one at work, and of several the time left for all.
class RecordingProgress {
  public:
    RecordingProgress(std::size_t sources, Progress::Style style);

    /// One of the sources begins; `number` counts from 1.
    void start(const SourceInfo& source, std::size_t number);
    void frame_done();

  private:
    std::string of_all_sources() const;

    const std::size_t sources_;
    const Progress::Clock::time_point begun_;
    Progress progress_;
    std::int64_t frames_ = 0, frames_done_ = 0;  ///< of the source at work; 0: nobody knows how many
    std::size_t number_ = 0;
};

}  // namespace emotion::apps
