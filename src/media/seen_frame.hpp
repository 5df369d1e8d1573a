#pragma once

#include "media/bgr_converter.hpp"
#include "media/frame.hpp"
#include "media/frame_source.hpp"
#include "media/libav.hpp"
#include "media/orientation.hpp"

namespace emotion::media {

/// How a stored picture is to be shown.
struct Showing {
    Orientation orientation = Orientation::kAsStored;
    bool orientation_exact = true;  ///< false: the file asks for another angle, and the nearest is taken
    Rational pixel_aspect{1, 1};    ///< width to height of a pixel of the upright picture, as the file says
    cv::Size stored, seen;          ///< upright; then with square pixels
};

/// What the frame, or else its stream, says of how it is to be shown.
Showing showing_of(AVFormatContext& container, AVStream& stream, const AVFrame& decoded);

/// The one way from decoded frames to frames as people see them: turned, mirrored, with square pixels. Not
/// thread-safe.
class SeenFrame {
  public:
    /// The pixels that suffice, with time and number left to be set. Frames come in BGR and, unless
    /// `bgr_only`, with grey where that is at hand.
    Frame make(const AVFrame& decoded, const Showing& showing, Pixels pixels, bool bgr_only);

  private:
    BgrConverter converter_;
};

/// Whether frames that are shown so can be given as they were decoded: 4:2:0 of 8 bits with square pixels and
/// even sides.
bool can_stay_decoded(const AVFrame& decoded, const Showing& showing);

}  // namespace emotion::media
