#pragma once

#include "ml/network/graph.hpp"

namespace emotion::test {

/// Logistic regression on a gray picture: one output.
ml::Graph linear_graph(int height, int width);

/// A small network with every layer of trained models, on (channels, height, width), with `classes` outputs
/// and weights that keep values moderate.
ml::Graph residual_graph(int channels, int height, int width, int classes);

}  // namespace emotion::test
