#pragma once

#include <cmath>
#include <vector>

#include <opencv2/core/types.hpp>

namespace emotion::faces {

/// Faces with less tilt are treated as upright: their boxes and crops are not rotated.
inline constexpr float kUprightBelowDeg = 10.0f;

/// A detected face. Boxes may extend slightly beyond the frame; cropping replicates its border there.
struct FaceBox {
    cv::Rect2f box_in_frame;     ///< in pixels of the frame, before rotation about its center by `roll_deg`
    float roll_deg = 0.0f;       ///< head tilt, clockwise in the frame, in (-180, 180]
    bool roll_measured = false;  ///< in this frame; otherwise the roll is the expected one
    bool weak = false;           ///< too few overlapping detections to count as a face on their own
};

/// A tracked face. Ids count from 1 and are unique within a source.
struct TrackedFace {
    int track = 0;
    cv::Rect2f box_in_frame;  ///< as in FaceBox
    float roll_deg = 0.0f;    ///< 0 for a face treated as upright
    bool weak = false;        ///< as in FaceBox at the first detection
    bool found = true;        ///< in this frame; false: shown where it was last found
};

inline cv::Point2f center(const cv::Rect2f& box) {
    return (box.tl() + box.br()) * 0.5f;
}

/// Intersection over union: 0 for boxes apart, 1 for equal ones.
inline double overlap(const cv::Rect2f& a, const cv::Rect2f& b) {
    const double common = (a & b).area();
    return common > 0.0 ? common / (a.area() + b.area() - common) : 0.0;
}

/// Normalizes an angle to (-180, 180].
inline float wrapped_deg(float angle_deg) {
    const float rest = std::remainder(angle_deg, 360.0f);
    return rest > -180.0f ? rest : rest + 360.0f;
}

}  // namespace emotion::faces
