#pragma once

#include <string>
#include <vector>

#include "ml/network/graph.hpp"

namespace emotion::training {

/// Parses the layers of a network from a recipe, one per line, in the notation that assets/docs/recipes.md
/// explains, and appends a dense layer with `outputs`. Throws std::invalid_argument naming the line, also for
/// more than 4096 channels, kernels over 31x31, strides over 16 and more than 100 million weights.
ml::Graph parse_network(const std::vector<std::string>& lines, const ml::Shape& input, int outputs);

}  // namespace emotion::training
