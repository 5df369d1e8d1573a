#pragma once

#include <opencv2/core/persistence.hpp>

namespace emotion::faces {

/// Whether OpenCV can safely search with a cascade: it trusts the indices and rectangles in the file, and
/// would read out of bounds or loop forever with a damaged one. HAAR and LBP features only. Throws
/// cv::Exception for a file without the structure of a cascade.
bool is_sound_cascade(const cv::FileNode& cascade);

}  // namespace emotion::faces
