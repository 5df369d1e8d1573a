#pragma once

#include <cstdint>
#include <string>

#include <opencv2/core/mat.hpp>

#include "media/frame.hpp"
#include "media/frame_source.hpp"
#include "media/sinks.hpp"
#include "media/video/bgr_converter.hpp"
#include "media/video/libav.hpp"
#include "media/warning_handler.hpp"

namespace emotion::media {

/// Encodes pictures: H.264 if an encoder is available, otherwise the next codec in the format's list. Errors
/// call the video `name`. Not thread-safe.
class VideoEncoder {
  public:
    /// Opens the first encoder that works for pictures of the source's stored size; `warn` reports a
    /// fallback. Throws Error naming those tried.
    VideoEncoder(std::string name, const VideoFormat& format, const SourceInfo& info,
                 const WarningHandler& warn);

    const AVCodecContext& context() const { return *encoder_; }
    double tick_s() const { return av_q2d(encoder_->time_base); }
    /// The duration of a frame at the nominal rate.
    std::int64_t nominal_ticks() const { return nominal_ticks_; }

    /// Encodes a picture (CV_8UC3 BGR, resized to the video's size; a missing pixel at the edge is
    /// replicated) displayed at `pts` ticks, which must increase. Throws std::invalid_argument for another
    /// type, Error if encoding fails.
    void encode(const cv::Mat& canvas, std::int64_t pts);
    /// The same for a picture in the video's pixel format; throws std::invalid_argument for another size.
    void encode(const DecodedPicture& picture, std::int64_t pts);
    /// Flushes the encoder after the last picture; receive the remaining packets.
    void end();
    /// The next packet, valid until the next call, in ticks; nullptr: another picture is needed, or the end.
    AVPacket* receive();

  private:
    void check(int result, const std::string& what) const;
    libav::Codec open(const char* name, const VideoFormat& format, const SourceInfo& info) const;
    void convert(const cv::Mat& canvas);
    void send(std::int64_t pts);

    std::string name_;
    const ColorTags colors_;
    BgrToDecoded from_bgr_;
    libav::Codec encoder_;
    std::int64_t nominal_ticks_ = 1;
    libav::Frame picture_{av_frame_alloc()};
    libav::Packet packet_{av_packet_alloc()};
};

}  // namespace emotion::media
