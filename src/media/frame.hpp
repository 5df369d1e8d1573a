#pragma once

#include <cstdint>
#include <memory>

#include <opencv2/core/mat.hpp>

struct AVFrame;

namespace emotion::media {

/// A picture in a video's own numbers: planes of brightness and, of half the size, of colour (4:2:0, 8 bits).
/// Nobody writes to it.
using DecodedPicture = std::shared_ptr<const AVFrame>;

/// One picture of a source as people see it, upright and with square pixels. The pixels are shared, not
/// copied: nobody writes to them.
struct Frame {
    cv::Mat bgr;               ///< CV_8UC3; empty if grey or `decoded` suffices
    std::int64_t index = 0;    ///< counts the source's frames from 0, analysed or not
    double time_s = 0.0;       ///< files: as their own clock has it; cameras, streams: since the first frame
    cv::Mat gray{};            ///< CV_8UC1 of the same size where the source has it at hand, else empty
    DecodedPicture decoded{};  ///< instead of `bgr` where that suffices
    cv::Size stored{};         ///< of the picture as it is stored, upright; empty: the same size
    double duration_s = 0.0;   ///< how long it is shown, as the file says; 0: until the next, or for 1 / fps

    cv::Size size() const { return bgr.empty() ? gray.size() : bgr.size(); }
};

}  // namespace emotion::media
