#pragma once

#include <opencv2/core/mat.hpp>

#include "media/frame_source.hpp"

namespace emotion::media {

/// The pixel aspect to use: 1:1 if it is unspecified, implausible (beyond 8:1) or imperceptible (under 2 %).
Rational visible_aspect(Rational stored);

/// The display size of a stored picture: the side with the longer pixel edges is enlarged, so that no detail
/// is lost.
cv::Size seen_size(cv::Size stored, Rational aspect);

/// The picture (CV_8UC1 or CV_8UC3) with square pixels; shared, not copied, if it has this size.
cv::Mat stretched(const cv::Mat& stored, cv::Size seen);

}  // namespace emotion::media
