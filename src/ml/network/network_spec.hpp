#pragma once

#include <string>
#include <variant>
#include <vector>

#include "ml/core/api.hpp"
#include "ml/network/inference_graph.hpp"

namespace emotion::ml {

struct Shape {
    int channels = 1, height = 1, width = 1;
    bool operator==(const Shape&) const = default;
};

/// What a network is made of, before it has weights. Relu, MaxPool, AveragePool, GlobalAveragePool and Add
/// are those of the InferenceGraph.
namespace layer {

/// Cross-correlation with zero padding. Without a bias by default: batch normalisation brings its own.
struct Convolution {
    int channels = 0;  ///< of the output
    int kernel = 3, stride = 1, padding = 1;
    /// Each channel is filtered by itself; `channels` must equal the input's.
    bool depthwise = false;
    bool bias = false;
};
/// Over the whole batch (Ioffe and Szegedy, "Batch normalization", 2015). The running statistics move by
/// `momentum` towards each batch's.
struct BatchNorm {
    float momentum = 0.1f, epsilon = 1e-5f;
};
/// Zeroes activations with probability `rate` while training and scales the others by 1/(1-rate).
struct Dropout {
    float rate = 0.0f;
};
/// Of the flattened input, with a bias.
struct Dense {
    int outputs = 0;
};
using ml::Add;
using ml::AveragePool;
using ml::GlobalAveragePool;
using ml::MaxPool;
using ml::Relu;

}  // namespace layer

using LayerKind =
    std::variant<layer::Convolution, layer::BatchNorm, layer::Relu, layer::MaxPool, layer::AveragePool,
                 layer::GlobalAveragePool, layer::Dense, layer::Dropout, layer::Add>;

struct Layer {
    LayerKind kind;
    /// Indices of the layers it reads, all smaller than its own; -1 is the network's input. Empty: the layer
    /// before it. Add reads two.
    std::vector<int> inputs = {};
};

/// The last layer's output are the logits.
struct NetworkSpec {
    Shape input{1, 50, 50};
    std::vector<Layer> layers;
};

/// As messages call them: "max pool", "16x25x25".
EMOTION_ML_API std::string name_of(const LayerKind& kind);
EMOTION_ML_API std::string text(const Shape& shape);

/// The shape of each layer's output. Throws std::invalid_argument naming the layer, its input's shape and
/// what does not fit or goes beyond kMostNumbers and kLargestWindow.
EMOTION_ML_API std::vector<Shape> output_shapes(const NetworkSpec& spec);

/// The inputs of layer `index`, spelled out.
EMOTION_ML_API std::vector<int> inputs_of(const NetworkSpec& spec, int index);

}  // namespace emotion::ml
