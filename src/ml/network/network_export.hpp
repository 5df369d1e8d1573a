#pragma once

// Internal to the library.

#include <span>

#include "ml/network/inference_graph.hpp"
#include "ml/network/network_plan.hpp"

namespace emotion::ml {

/// A trained network as a graph that only answers: batch normalisation, by its running `statistics`, is
/// folded into the convolution or dense layer before it where nothing else reads that, and dropout is left
/// out. `parameters` and `statistics` are those of the whole network, laid out as its plan says. Safe to
/// share between threads.
InferenceGraph export_graph(const NetworkSpec& spec, const NetworkPlan& plan,
                            std::span<const float> parameters, std::span<const float> statistics);

}  // namespace emotion::ml
