#pragma once

#include "faces/preprocess.hpp"

namespace emotion::faces {

/// As preprocess(), for a tilted head: `region` is rotated about its center by `roll_deg`, clockwise, so that
/// the face is upright in the crop. Rotated pixels, as many as the region has, are interpolated linearly.
/// Identical to preprocess() for a roll of 0. Throws std::invalid_argument as it does.
cv::Mat preprocess_turned(const cv::Mat& frame, const cv::Rect2f& region, float roll_deg,
                          const CropSpec& spec);

}  // namespace emotion::faces
