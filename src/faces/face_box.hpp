#pragma once

#include <vector>

#include <opencv2/core/types.hpp>

namespace emotion::faces {

/// A face found in a frame. Boxes may overhang the frame by a little; cropping repeats the edge there.
struct FaceBox {
    cv::Rect2f box_in_frame;  ///< pixels of the frame
};

/// A face followed over time. Ids count from 1 and are never used again within a source.
struct TrackedFace {
    int track = 0;
    cv::Rect2f box_in_frame;
};

/// Intersection over union: 0 for boxes apart, 1 for equal ones.
inline double overlap(const cv::Rect2f& a, const cv::Rect2f& b) {
    const double common = (a & b).area();
    return common > 0.0 ? common / (a.area() + b.area() - common) : 0.0;
}

}  // namespace emotion::faces
