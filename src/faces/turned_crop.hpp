#pragma once

#include "faces/preprocess.hpp"

namespace emotion::faces {

/// What preprocess() cuts, of a face whose head is tilted: `region` is turned about its center by `roll_deg`,
/// clockwise, and cut along its own axes, so that the face stands upright in the crop. The turned pixels, as
/// many as the region's, are interpolated linearly; all else is as there. The same as preprocess() for a roll
/// of 0. Throws std::invalid_argument as it does.
cv::Mat preprocess_turned(const cv::Mat& frame, const cv::Rect2f& region, float roll_deg,
                          const CropSpec& spec);

}  // namespace emotion::faces
