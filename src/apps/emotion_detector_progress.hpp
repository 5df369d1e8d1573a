#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "vision/frame_source.hpp"

namespace emotion::apps {

/// Tells now and then on stderr how far the work on recorded sources is: often on a terminal, elsewhere (a
/// log, say) only where it takes long.
class Progress {
  public:
    explicit Progress(std::size_t sources);

    /// One of the sources begins; `number` counts from 1.
    void start(const SourceInfo& source, std::size_t number);
    void frame_done();

  private:
    using Clock = std::chrono::steady_clock;
    void tell(double seconds) const;

    const std::size_t sources_;
    const Clock::duration interval_;
    const Clock::time_point begun_;
    Clock::time_point told_;
    std::int64_t frames_ = 0;
    std::size_t number_ = 0;
    SourceInfo source_;
    std::int64_t frames_of_source_ = 0;
};

}  // namespace emotion::apps
