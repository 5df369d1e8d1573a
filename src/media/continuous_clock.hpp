#pragma once

#include <cstdint>
#include <vector>

#include "media/libav.hpp"

namespace emotion::media {

/// Whether a container's clock has no zero of its own and may begin anew in the middle: transport and program
/// streams, of which two make a third one when they are put behind each other.
bool clock_may_jump(const AVFormatContext& container);

/// Reads only the video stream and, where the clock may jump, all the sound: whoever mends it must see the
/// same packets. -1: no video.
void choose_streams(AVFormatContext& container, int video);

/// One clock for a container whose own one jumps back. Every packet passes through in the order in which it
/// is read, so that two readers of the same streams come to the same times. A jump ahead stays what it is,
/// time that passed. Not thread-safe.
class ContinuousClock {
  public:
    explicit ContinuousClock(const AVFormatContext& container);

    /// Puts the packet's times right.
    void mend(AVPacket& packet);
    /// How often the clock began anew so far.
    int jumps() const { return static_cast<int>(offsets_.size()) - 1; }

  private:
    /// A stream's place in the clock; in microseconds, the ends on the mended clock.
    struct Stream {
        AVRational time_base{1, 1};
        std::int64_t half_wrap = INT64_MAX;
        bool video = false, seen = false;
        std::size_t part = 0;   ///< which of the offsets holds for it
        std::int64_t last = 0;  ///< as the packet told it
        std::int64_t end = 0, shown_end = 0;
    };

    void change_part(Stream& stream, std::int64_t told);

    bool may_jump_;
    std::vector<Stream> streams_;
    std::vector<std::int64_t> offsets_{0};  ///< of each part of the file
};

/// Whether the container's clock counts from the beginning of the recording.
bool has_own_zero(const AVFormatContext& container);

/// What the container's clock shows, in seconds, where its streams begin: 0 if it has a zero of its own.
double clock_zero_s(const AVFormatContext& container);

}  // namespace emotion::media
