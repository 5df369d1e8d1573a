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

    void start(const SourceInfo& source);
    void frame_done();

  private:
    using Clock = std::chrono::steady_clock;
    void tell(Clock::time_point now);

    std::size_t sources_, source_number_ = 0;
    SourceInfo source_;
    std::int64_t frames_ = 0;
    Clock::duration interval_;
    Clock::time_point started_, told_;
};

}  // namespace emotion::apps
