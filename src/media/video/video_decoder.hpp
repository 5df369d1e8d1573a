#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include "media/video/continuous_clock.hpp"
#include "media/video/last_group.hpp"
#include "media/video/libav.hpp"
#include "media/video/pipe_bytes.hpp"

namespace emotion::media {

/// Decodes the best video stream of a file, URL or pipe, skipping damage, in display order. Not thread-safe.
class VideoDecoder {
  public:
    /// Throws Error if there is no such stream, or no decoder for it. Waiting for the network or the pipe
    /// ends once `stop` is requested.
    VideoDecoder(const std::string& name, bool remote, const std::stop_token& stop);

    /// The next frame, valid until the next call; nullptr at the end. Unknown color tags are set to
    /// unspecified.
    const AVFrame* next();

    /// Lets next() return a frame that was already returned, before those that follow.
    void return_later(libav::Frame frame) { again_.push_back(std::move(frame)); }

    /// The contents before a position in the video, counted by packets.
    struct Skipped {
        std::int64_t frames = 0;             ///< from the first one displayed to the position
        std::int64_t begin_pts = INT64_MIN;  ///< where decoding starts
        std::int64_t decoded = 0;            ///< of the frames, those from there on, which are still returned
    };

    /// Before the first next(): skips what need not be decoded for the frames from `pts` on, in units of the
    /// stream's time base; `first_pts` is that of the first frame. nullopt: the stream has no times, and
    /// nothing is skipped.
    std::optional<Skipped> skip_to(std::int64_t first_pts, std::int64_t pts);

    AVFormatContext& container() const { return *container_; }
    AVStream& stream() const { return *stream_; }
    /// For a container without times: whether the stream itself says how many frames per second it has. Known
    /// once next() has returned a frame.
    bool has_rate() const { return decoder_->framerate.num > 0; }
    /// The number of packets that could not be decoded so far.
    std::int64_t damaged() const { return damaged_; }
    /// Whether the file ended inside the last packet or, as far as can be told, inside the last picture. To
    /// be called once, at the end: it may take a while.
    bool is_cut_short() const;
    /// The number of restarts of the container's clock so far.
    int clock_jumps() const { return clock_->jumps(); }
    /// Why there are no more frames: AVERROR_EOF for a regular end.
    int end_reason() const { return end_reason_; }

  private:
    void choose_stream(const std::string& name);
    void open_codec(const std::string& name, bool remote);
    int read();
    void feed();

    std::unique_ptr<const std::stop_token> stop_;  ///< declared before the members that use it
    std::optional<PipeBytes> pipe_;
    libav::Input container_;
    std::optional<ContinuousClock> clock_;
    std::optional<LastGroup> last_group_;  ///< if the duration is unknown, so that half a file looks whole
    AVStream* stream_ = nullptr;
    const AVCodec* codec_ = nullptr;
    libav::Codec decoder_;
    libav::Packet packet_{av_packet_alloc()};
    libav::Frame frame_{av_frame_alloc()};
    std::deque<libav::Packet> waiting_;  ///< already read
    std::deque<libav::Frame> again_;
    bool draining_ = false, ends_inside_packet_ = false;
    int end_reason_ = 0;
    std::int64_t damaged_ = 0;
};

}  // namespace emotion::media
