#pragma once

#include <cstdint>
#include <memory>

#include <opencv2/core/mat.hpp>

struct AVFrame;

namespace emotion::media {

/// Pictures and frames with more pixels are not decoded. Larger than any camera's, and less than a gigabyte
/// as BGR: more is damage, or meant to exhaust the memory.
inline constexpr std::int64_t kMaxPixels = 1 << 28;

/// A picture in the video's pixel format: planes of luma and, at half size, chroma (4:2:0, 8 bits).
/// Immutable.
using DecodedPicture = std::shared_ptr<const AVFrame>;

/// A picture of a source as displayed, upright and with square pixels. Pixels are shared and must not be
/// modified.
struct Frame {
    cv::Mat bgr;               ///< CV_8UC3; empty if gray or `decoded` suffices
    std::int64_t index = 0;    ///< counts the source's frames from 0, including those not analyzed
    double time_s = 0.0;       ///< files: on their own clock; cameras, streams: since the first frame
    cv::Mat gray{};            ///< CV_8UC1 of the same size if available at no cost, else empty
    DecodedPicture decoded{};  ///< replaces `bgr` where that suffices
    cv::Size stored{};         ///< size of the upright picture as stored; empty: the same size
    double duration_s = 0.0;   ///< display duration in the file; 0: until the next frame, or 1 / fps

    cv::Size size() const { return bgr.empty() ? gray.size() : bgr.size(); }
};

}  // namespace emotion::media
