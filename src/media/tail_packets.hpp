#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <utility>

#include "media/libav.hpp"

namespace emotion::media {

/// The packets of a video's pictures on their way into a container, in the order in which they are coded.
/// Holds those back that may be the last, as a container tells how long the video lasts by two of them: the
/// last one shown, whose duration is only known at the end, and the last one coded. Not thread-safe.
class TailPackets {
  public:
    /// `write` gets the packets, in order, and keeps none.
    explicit TailPackets(std::function<void(AVPacket&)> write) : write_(std::move(write)) {}

    /// Takes what the packet holds. All have times, in the same units.
    void add(AVPacket& packet);
    /// Writes the rest. The last picture is shown for `last_duration` units, at least one. `by_coding`: for
    /// containers that sum up the durations in the order of coding, as MP4 does.
    void finish(std::int64_t last_duration, bool by_coding);

  private:
    std::function<void(AVPacket&)> write_;
    std::deque<libav::Packet> held_;  ///< from the latest shown one on
    std::int64_t coded_before_shown_ = 0;
    bool empty_ = true;
};

}  // namespace emotion::media
