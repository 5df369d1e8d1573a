#pragma once

#include <span>
#include <vector>

#include "ml/network/graph.hpp"

namespace emotion::ml {

/// The output of a graph for one image, by definition: plain loops in double precision.
std::vector<double> evaluate(const Graph& graph, std::span<const float> image);

}  // namespace emotion::ml
