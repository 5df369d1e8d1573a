#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "media/continuous_clock.hpp"
#include "media/libav.hpp"
#include "media/notes.hpp"

namespace emotion::media {

/// The sound of a file, copied as it is stored into another file beside new pictures; and the file's title.
/// Not thread-safe.
class SoundTrack {
  public:
    /// Adds to `output` a stream for each of the sounds of `file` that its container can hold; `notes` is
    /// told of those that it cannot, and of subtitles and chapters, which are not copied. All times are those
    /// of the file's frames: `clock_zero_s` on the container's clock is 0. What the file's edit list cuts
    /// away is left out. Throws Error if the file cannot be read.
    SoundTrack(const std::string& file, double clock_zero_s, AVFormatContext& output, const Notes& notes);

    bool empty() const { return streams_.empty(); }

    /// When the first sound begins; nullopt: there is none.
    std::optional<double> first_s();
    /// From now on the output's time 0 is `time_s`; sound that has ended by then is left out if `skip`.
    void start_at(double time_s, bool skip);
    /// Writes all that begins before `time_s` and was not written yet. Returns an error code of the FFmpeg
    /// libraries, or 0.
    int copy_until(double time_s);
    /// For what is written from now on, so many seconds that have no sound in the output.
    void leave_out(double gap_s);

  private:
    struct Stream {
        int input = 0;
        AVStream* output = nullptr;
        libav::PacketFilter unwrapped{};  ///< null: packets go as they are
        libav::Packet primer{};           ///< the last one that is cut away before the first
        std::int64_t last_dts = INT64_MIN;
    };

    void unwrap(Stream& stream) const;
    bool read();
    void drop();
    Stream* stream_of(const AVPacket& packet);
    double begin_s(const AVPacket& packet) const;
    int write_primed(Stream& stream);
    int write(Stream& stream);

    libav::Input input_;
    ContinuousClock clock_;
    const double clock_zero_s_;
    AVFormatContext& output_;
    const bool hides_starts_;
    std::vector<Stream> streams_;
    libav::Packet packet_{av_packet_alloc()};
    bool pending_ = false, ended_ = false, skip_ = false;
    double start_s_ = 0.0;
};

}  // namespace emotion::media
