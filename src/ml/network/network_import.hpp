#pragma once

#include <vector>

#include "ml/core/api.hpp"
#include "ml/network/network.hpp"

namespace emotion::ml {

/// A network that computes what the graph does, to be trained further or asked for features: a layer for each
/// node, convolutions with their biases, no batch normalisation (it is folded into them). Throws
/// std::invalid_argument for convolutions in groups that are neither one nor a channel each, for other
/// numbers of weights than the shapes ask for, and as output_shapes() does.
EMOTION_ML_API Network network_of(const InferenceGraph& graph);

/// What that network is made of, and its parameters().
NetworkSpec spec_of(const InferenceGraph& graph);
std::vector<float> parameters_of(const InferenceGraph& graph);

}  // namespace emotion::ml
