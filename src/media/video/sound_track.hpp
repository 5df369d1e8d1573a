#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "media/video/continuous_clock.hpp"
#include "media/video/libav.hpp"
#include "media/warning_handler.hpp"

namespace emotion::media {

/// Copies the sound and the title of a file to another file with new pictures, without encoding. Not
/// thread-safe.
class SoundTrack {
  public:
    /// Adds to `output` a stream for each sound of `file` that its container supports; `warn` reports other
    /// ones, and subtitles and chapters, which are not copied. Times are those of the file's frames:
    /// `clock_zero_s` on the container's clock is 0. Sound removed by the file's edit list is skipped. Throws
    /// Error if the file cannot be read.
    SoundTrack(const std::string& file, double clock_zero_s, AVFormatContext& output,
               const WarningHandler& warn);

    /// When the first sound starts; nullopt: no sound.
    std::optional<double> first_s();
    /// Sets the output's time 0 to `time_s`; sound that has ended by then is dropped if `skip`.
    void start_at(double time_s, bool skip);
    /// Writes pending sound that starts before `time_s`. Returns an FFmpeg error code, or 0.
    int copy_until(double time_s);
    /// Removes `gap_s` seconds of sound from what is written from now on.
    void skip_gap(double gap_s);

  private:
    struct Stream {
        int input = 0;
        AVStream* output = nullptr;
        libav::PacketFilter unwrapped{};  ///< null: packets are copied unchanged
        libav::Packet primer{};           ///< the last one removed before the first
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
