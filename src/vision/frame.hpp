#pragma once

#include <cstdint>

#include <opencv2/core/mat.hpp>

namespace emotion {

/// One picture of a source. The pixels are shared, not copied: nobody writes to them.
struct Frame {
    cv::Mat bgr;             ///< CV_8UC3
    std::int64_t index = 0;  ///< counts the source's frames from 0, analysed or not
    double time_s = 0.0;     ///< files: presentation time from the start; cameras: since the first frame
};

}  // namespace emotion
