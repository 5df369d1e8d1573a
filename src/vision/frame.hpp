#pragma once

#include <cstdint>

#include <opencv2/core/mat.hpp>

namespace emotion {

/// One picture of a source. The pixels are shared, not copied: nobody writes to them.
struct Frame {
    cv::Mat bgr;             ///< CV_8UC3; empty if grey suffices
    std::int64_t index = 0;  ///< counts the source's frames from 0, analysed or not
    double time_s = 0.0;     ///< files: presentation time from the start; cameras: since the first frame
    cv::Mat gray{};          ///< CV_8UC1 of the same size where the source has it at hand, else empty

    cv::Size size() const { return bgr.empty() ? gray.size() : bgr.size(); }
};

}  // namespace emotion
