#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "base/parallel.hpp"
#include "training/data/dataset.hpp"

namespace emotion::training {

/// Whether a picture (CV_8UC1) is of one shade.
bool is_blank(const cv::Mat& gray);

/// Advice if one class has more than ten times as many pictures as another; empty otherwise. Classes without
/// pictures are ignored.
std::string imbalance_text(const std::vector<std::string>& classes, const std::vector<std::int64_t>& counts);

/// Checks a training's pictures in memory, one sentence per problem: duplicates, duplicates with different
/// labels or in `validation` (which may be empty), blank ones.
std::vector<std::string> check_datasets(const Dataset& train, const Dataset& validation, ThreadPool& threads);

}  // namespace emotion::training
