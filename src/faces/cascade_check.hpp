#pragma once

#include <opencv2/core/persistence.hpp>

namespace emotion::faces {

/// Whether a cascade is one that OpenCV can search with: it takes the indices and rectangles of any file as
/// they are, and reads beyond its tables, or without an end, for those of a damaged one. HAAR and LBP
/// features only. Throws cv::Exception for what is not even built like a cascade.
bool is_sound_cascade(const cv::FileNode& cascade);

}  // namespace emotion::faces
