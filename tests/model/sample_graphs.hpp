#pragma once

#include "ml/network/graph.hpp"

namespace emotion::test {

/// Logistic regression on a grey picture: one output.
ml::Graph linear_graph(int height, int width);

/// A small network that holds every layer a trained model can have, on (channels, height, width), with
/// `classes` outputs and weights that keep the values moderate.
ml::Graph residual_graph(int channels, int height, int width, int classes);

}  // namespace emotion::test
