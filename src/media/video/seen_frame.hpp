#pragma once

#include "media/frame.hpp"
#include "media/frame_source.hpp"
#include "media/orientation.hpp"
#include "media/video/bgr_converter.hpp"
#include "media/video/libav.hpp"

namespace emotion::media {

/// How to display a stored picture.
struct Showing {
    Orientation orientation = Orientation::kAsStored;
    bool orientation_exact = true;  ///< false: the file specifies another angle, and the nearest is used
    Rational pixel_aspect{1, 1};    ///< width to height of a pixel of the upright picture, from the file
    cv::Size stored, seen;          ///< upright; then with square pixels
};

/// The display properties of a frame or, where it has none, of its stream.
Showing showing_of(AVFormatContext& container, AVStream& stream, const AVFrame& decoded);

/// Converts decoded frames to displayed frames: rotated, mirrored, with square pixels. Not thread-safe.
class SeenFrame {
  public:
    /// A frame with at least the requested pixels; index and time are left to the caller. BGR frames include
    /// gray if available, unless `bgr_only`.
    Frame make(const AVFrame& decoded, const Showing& showing, Pixels pixels, bool bgr_only);

  private:
    BgrConverter converter_;
};

/// Whether frames can be provided as decoded: 8-bit 4:2:0 with square pixels and even sides.
bool can_stay_decoded(const AVFrame& decoded, const Showing& showing);

}  // namespace emotion::media
