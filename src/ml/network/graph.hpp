#pragma once

#include <memory>
#include <vector>

#include "ml/layers/layer_kinds.hpp"

namespace emotion::ml {

/// A network as a graph of layers: without weights as described by a recipe, with weights as exported from
/// training. The output of the last node are the logits, one for each class (or, for two classes, only that
/// of the second).
struct Graph {
    Shape input{1, 50, 50};
    std::vector<Node> nodes;
};

/// The inputs of a node, with the default resolved.
EMOTION_ML_API std::vector<int> inputs_of(const Graph& graph, int node);

/// The output shape of each node. Throws std::invalid_argument naming the layer, its input shape and what
/// does not fit or exceeds kMaxNumbers or kLargestWindow.
EMOTION_ML_API std::vector<Shape> output_shapes(const Graph& graph);

/// The number of weights, excluding biases and normalization. Throws as output_shapes() does.
EMOTION_ML_API std::size_t count_weights(const Graph& graph);

/// Rounds the weights, but not the biases, to 16-bit floats, so that files take half the space. The error is
/// at most 1 in 2048, or 3e-8 for weights below 6e-5; beyond 65504 they become infinite, which no file may
/// hold.
EMOTION_ML_API void round_weights_to_halves(Graph& graph);

// Internal to the library.

/// The layers bound to their shapes, in node order. Throws as output_shapes() does.
std::vector<std::unique_ptr<Layer>> bind_layers(const Graph& graph);

}  // namespace emotion::ml
