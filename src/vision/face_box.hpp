#pragma once

#include <vector>

#include <opencv2/core/types.hpp>

namespace emotion {

/// A face found in a frame. Boxes may overhang the frame by a little; cropping repeats the edge there.
struct FaceBox {
    cv::Rect2f box_in_frame;  ///< pixels of the frame
    float strength = 0.0f;    ///< the detector's own measure (Haar: the last stage's weight), larger is surer
};

/// A face followed over time. Ids count from 1 and are never used again within a source.
struct TrackedFace {
    int track = 0;
    cv::Rect2f box_in_frame;
    bool detected = true;  ///< false while the box is carried on without having been found in this frame
};

}  // namespace emotion
