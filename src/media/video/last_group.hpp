#pragma once

#include <cstddef>
#include <deque>

#include "media/video/libav.hpp"

namespace emotion::media {

/// The packets of a video from its last key frame on, which tell whether the last picture is whole where
/// packets do not say their size. Not thread-safe.
class LastGroup {
  public:
    /// Whether the decoder reports pictures of which it made up a part.
    static bool can_tell(AVCodecID codec);

    /// Adds the next packet of the video.
    void add(const AVPacket& packet);
    /// Whether a part of the last picture is missing. Decodes the packets, in one thread: of several, one may
    /// pass a picture on before another notices.
    bool ends_inside_picture(const AVCodec& codec, const AVStream& stream) const;

  private:
    std::deque<libav::Packet> packets_;  ///< their times replaced by their numbers; empty: none, or too many
    std::size_t bytes_ = 0;
    bool started_ = false;
};

}  // namespace emotion::media
