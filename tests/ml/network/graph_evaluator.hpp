#pragma once

#include <span>
#include <vector>

#include "ml/network/inference_graph.hpp"

namespace emotion::ml {

/// The output of a graph for one image, by its definition and in double precision.
std::vector<double> evaluate(const InferenceGraph& graph, std::span<const float> image);

}  // namespace emotion::ml
