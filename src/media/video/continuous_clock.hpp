#pragma once

#include <cstdint>
#include <vector>

#include "media/video/libav.hpp"

namespace emotion::media {

/// Whether a container's clock has no origin and may restart in the middle: transport and program streams,
/// which can be concatenated.
bool clock_may_jump(const AVFormatContext& container);

/// Whether a container stores no times, so that FFmpeg counts frames at a rate that it guesses: pictures one
/// after the other, and the bare streams of encoders.
bool has_no_times(const AVFormatContext& container);

/// Selects the video stream and, where the clock may jump, all sound: all readers that correct the clock must
/// see the same packets. -1: no video.
void choose_streams(AVFormatContext& container, int video);

/// Makes the clock of a container continuous where it jumps back. All packets must pass through in reading
/// order, so that two readers of the same streams get the same times. Jumps ahead are kept as elapsed time.
/// Not thread-safe.
class ContinuousClock {
  public:
    explicit ContinuousClock(const AVFormatContext& container);

    /// Corrects the packet's times.
    void correct(AVPacket& packet);
    /// The number of restarts of the clock so far.
    int jumps() const { return static_cast<int>(offsets_.size()) - 1; }

  private:
    /// A stream's state; in microseconds, ends are on the corrected clock.
    struct Stream {
        AVRational time_base{1, 1};
        std::int64_t half_wrap = INT64_MAX;
        bool video = false, seen = false;
        std::size_t part = 0;   ///< index into offsets_
        std::int64_t last = 0;  ///< as stored in the packet
        std::int64_t end = 0, shown_end = 0;
    };

    void change_part(Stream& stream, std::int64_t time);

    bool may_jump_;
    std::vector<Stream> streams_;
    std::vector<std::int64_t> offsets_{0};  ///< of each part of the file
};

/// Whether the container's clock counts from the start of the recording.
bool has_own_zero(const AVFormatContext& container);

/// The time on the container's clock, in seconds, at which its streams start: 0 if it has an origin of its
/// own.
double clock_zero_s(const AVFormatContext& container);

}  // namespace emotion::media
