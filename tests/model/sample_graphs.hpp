#pragma once

#include <span>
#include <vector>

#include "ml/network/inference_graph.hpp"

namespace emotion::test {

/// Logistic regression on a grey picture: one output.
ml::InferenceGraph linear_graph(int height, int width);

/// A small network that holds every operation a graph can have, on (channels, height, width), with `classes`
/// outputs and weights that keep the values moderate. Its last convolution is in 1, 2 or 4 groups.
ml::InferenceGraph residual_graph(int channels, int height, int width, int classes, int groups = 1);

/// What a graph computes, by its definition: plain loops in double precision.
std::vector<double> reference_forward(const ml::InferenceGraph& graph, std::span<const float> input);

}  // namespace emotion::test
