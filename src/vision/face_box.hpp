#pragma once

#include <vector>

#include <opencv2/core/types.hpp>

namespace emotion {

/// A face found in a frame. Boxes may overhang the frame by a little; cropping repeats the edge there.
struct FaceBox {
    cv::Rect2f box_in_frame;  ///< pixels of the frame
    /// The detector's own measure, larger is surer (Haar: how many overlapping finds it was made of).
    float strength = 0.0f;
};

/// A face followed over time. Ids count from 1 and are never used again within a source.
struct TrackedFace {
    int track = 0;
    cv::Rect2f box_in_frame;
    bool detected = true;  ///< false while the box is carried on without having been found in this frame
};

}  // namespace emotion
