#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <opencv2/core/mat.hpp>

#include "media/bgr_converter.hpp"
#include "media/frame.hpp"
#include "media/frame_source.hpp"
#include "media/libav.hpp"
#include "media/notes.hpp"
#include "media/sinks.hpp"

namespace emotion::media {

/// Makes packets of pictures: H.264 where there is an encoder for it, otherwise what comes next in the
/// format's list. Errors call the video `name`. Not thread-safe.
class VideoEncoder {
  public:
    /// Opens the first encoder that works here for pictures of the source's stored size; `notes` is told of a
    /// next best one. Throws Error naming those tried.
    VideoEncoder(std::string name, const VideoFormat& format, const SourceInfo& info, const Notes& notes);

    const AVCodecContext& context() const { return *encoder_; }
    double tick_s() const { return av_q2d(encoder_->time_base); }
    /// Of a frame at the nominal rate.
    std::int64_t nominal_ticks() const { return nominal_ticks_; }

    /// Encodes a picture (CV_8UC3 BGR, resized to the video's size; a missing edge of one pixel is repeated)
    /// that is shown at `pts` ticks, later than the one before. Throws std::invalid_argument for another
    /// type, Error where encoding fails.
    void encode(const cv::Mat& canvas, std::int64_t pts);
    /// The same of a picture in the video's own numbers; throws std::invalid_argument for another size.
    void encode(const DecodedPicture& picture, std::int64_t pts);
    /// After the last picture: what is still to come can be received.
    void end();
    /// The next packet, valid until the next call, in ticks; nullptr: another picture is needed, or the end.
    AVPacket* receive();

  private:
    void check(int result, const std::string& what) const;
    libav::Codec open(const char* name, const VideoFormat& format, const SourceInfo& info) const;
    void convert(const cv::Mat& canvas);
    void send(std::int64_t pts);

    std::string name_;
    std::optional<ColorTags> as_decoded_;  // the colours of the pictures to come
    BgrToDecoded to_decoded_;              // for those among them that come in BGR
    libav::Codec encoder_;
    std::int64_t nominal_ticks_ = 1;
    libav::Frame picture_{av_frame_alloc()};
    libav::Packet packet_{av_packet_alloc()};
};

}  // namespace emotion::media
