#pragma once

#include <opencv2/core/mat.hpp>

#include "media/frame_source.hpp"

namespace emotion::media {

/// The pixel aspect to go by: 1:1 where a file says none, nonsense (beyond 8:1), or so little that nobody
/// sees it (under 2 %).
Rational visible_aspect(Rational told);

/// How large people see a picture of this many stored pixels: the side whose pixels are the longer ones
/// grows, so that no detail is lost.
cv::Size seen_size(cv::Size stored, Rational aspect);

/// The picture (CV_8UC1 or CV_8UC3) with square pixels; shared, not copied, if it has this size.
cv::Mat stretched(const cv::Mat& stored, cv::Size seen);

}  // namespace emotion::media
