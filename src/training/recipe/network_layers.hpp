#pragma once

#include <string>
#include <vector>

#include "ml/network/graph.hpp"

namespace emotion::training {

/// A network written down in a recipe, one line a layer, as the layers in ml/layers say:
///
///     conv 24 5x5 /2      24 channels, kernel 5x5 (default 3x3), stride 2 (default 1), zero
///                         padding of half the kernel; then batch normalisation and ReLU
///     depthwise 3x3 /2    the same, each channel by itself
///     residual            conv of as many channels, its input added before the ReLU (He et
///                         al., "Deep residual learning for image recognition", CVPR 2016)
///     max_pool, average_pool, global_average_pool
///     dropout 0.1
///
/// and, unwritten, a dense layer of `outputs` at the end. Throws std::invalid_argument naming the line,
/// also for more than 4096 channels, kernels over 31x31, strides over 16 and more than 100 million weights.
ml::Graph parse_network(const std::vector<std::string>& lines, const ml::Shape& input, int outputs);

}  // namespace emotion::training
