#pragma once

#include <cmath>
#include <vector>

#include <opencv2/core/types.hpp>

namespace emotion::faces {

/// Faces tilted by less are taken for upright: their boxes stand straight, and so do the crops of them.
inline constexpr float kUprightBelowDeg = 10.0f;

/// A face found in a frame. Boxes may overhang the frame by a little; cropping repeats the edge there.
struct FaceBox {
    cv::Rect2f box_in_frame;     ///< pixels of the frame, before it is turned about its center by `roll_deg`
    float roll_deg = 0.0f;       ///< how far the head is tilted, clockwise in the frame, in (-180, 180]
    bool roll_measured = false;  ///< in this frame; otherwise the roll is what was expected
    bool weak = false;           ///< too few finds of the cascade to be taken for a face by themselves
};

/// A face followed over time. Ids count from 1 and are never used again within a source.
struct TrackedFace {
    int track = 0;
    cv::Rect2f box_in_frame;  ///< as FaceBox's
    float roll_deg = 0.0f;    ///< 0 for a face that is taken for upright
    bool weak = false;        ///< as FaceBox's when it was found first
    bool found = true;        ///< in this frame; otherwise it is shown where it was found last
};

/// Intersection over union: 0 for boxes apart, 1 for equal ones.
inline double overlap(const cv::Rect2f& a, const cv::Rect2f& b) {
    const double common = (a & b).area();
    return common > 0.0 ? common / (a.area() + b.area() - common) : 0.0;
}

/// The same angle in (-180, 180].
inline float wrapped_deg(float angle_deg) {
    const float rest = std::remainder(angle_deg, 360.0f);
    return rest > -180.0f ? rest : rest + 360.0f;
}

}  // namespace emotion::faces
