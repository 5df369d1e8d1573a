#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <utility>

#include "media/video/libav.hpp"

namespace emotion::media {

/// Passes video packets to a container in coding order, holding back those that may be the last. The
/// container's duration depends on two of them: the last one displayed, whose duration is only known at the
/// end, and the last one coded. Not thread-safe.
class TailPackets {
  public:
    /// `write` is called with the packets in order and must not keep them.
    explicit TailPackets(std::function<void(AVPacket&)> write) : write_(std::move(write)) {}

    /// Takes the packet's contents. All packets have times in the same units.
    void add(AVPacket& packet);
    /// Writes the rest. The last picture lasts `last_duration` units, at least one. `by_coding`: for
    /// containers that sum durations in coding order, such as MP4.
    void finish(std::int64_t last_duration, bool by_coding);

  private:
    std::function<void(AVPacket&)> write_;
    std::deque<libav::Packet> held_;  ///< from the latest displayed one on
    std::int64_t coded_before_shown_ = 0;
    bool empty_ = true;
};

}  // namespace emotion::media
