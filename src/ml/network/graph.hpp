#pragma once

#include <memory>
#include <vector>

#include "ml/layers/layer_kinds.hpp"

namespace emotion::ml {

/// What a network is made of: without weights as a recipe describes it, with them as a trained model is
/// exported. The last node's output are the logits, one for each output class (or one for two classes: the
/// second's).
struct Graph {
    Shape input{1, 50, 50};
    std::vector<Node> nodes;
};

/// The inputs of a node, spelled out.
EMOTION_ML_API std::vector<int> inputs_of(const Graph& graph, int node);

/// The shape of each node's output. Throws std::invalid_argument naming the layer, its input's shape and what
/// does not fit or goes beyond kMostNumbers and kLargestWindow.
EMOTION_ML_API std::vector<Shape> output_shapes(const Graph& graph);

/// How many weights it has or would have, biases and normalization apart. Throws as output_shapes() does.
EMOTION_ML_API std::size_t count_weights(const Graph& graph);

// Internal to the library.

/// The layers at work, in the nodes' order. Throws as output_shapes() does.
std::vector<std::unique_ptr<Layer>> bind_layers(const Graph& graph);

}  // namespace emotion::ml
