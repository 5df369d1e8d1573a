#pragma once

#include <string>
#include <vector>

#include "ml/network/graph.hpp"

namespace emotion::training {

/// Parses the layers of a network from a recipe, one per line, in the notation of ml/layers:
///
///     conv 24 5x5 /2      24 channels, kernel 5x5 (default 3x3), stride 2 (default 1), zero
///                         padding of half the kernel; then batch normalization and ReLU
///     depthwise 3x3 /2    the same for each channel separately
///     residual            conv with as many channels, its input added before the ReLU (He et
///                         al., "Deep residual learning for image recognition", CVPR 2016)
///     max_pool, average_pool, global_average_pool
///     dropout 0.1
///
/// and appends a dense layer with `outputs`. Throws std::invalid_argument naming the line, also for more than
/// 4096 channels, kernels over 31x31, strides over 16 and more than 100 million weights.
ml::Graph parse_network(const std::vector<std::string>& lines, const ml::Shape& input, int outputs);

}  // namespace emotion::training
