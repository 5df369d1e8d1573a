#pragma once

#include <variant>
#include <vector>

namespace emotion::ml {

/// How many numbers a tensor of weights or of activations may hold (with its channels rounded up to whole
/// vectors they can still be counted by an int), and the sides and strides of windows.
inline constexpr int kMostNumbers = (1 << 27) - 1, kLargestWindow = 1 << 13;

// What a trained model computes, ready for export: plain numbers, batch normalisation and dropout folded
// away. Tensors are float and laid out as (channels, height, width), weights as ONNX lays them out.

/// Cross-correlation with zero padding; weights (out, in/groups, kernel, kernel), bias (out).
struct Convolution {
    int in_channels = 0, out_channels = 0, kernel = 3, stride = 1, padding = 1, groups = 1;
    std::vector<float> weights, bias;
};
/// Of the flattened input; weights (out, in), bias (out).
struct Dense {
    int inputs = 0, outputs = 0;
    std::vector<float> weights, bias;
};
struct Relu {};
/// Windows that would overhang the edge are left out.
struct MaxPool {
    int size = 2, stride = 2;
};
struct AveragePool {
    int size = 2, stride = 2;
};
struct GlobalAveragePool {};
/// The sum of its two inputs, of equal shapes.
struct Add {};

using Operation = std::variant<Convolution, Dense, Relu, MaxPool, AveragePool, GlobalAveragePool, Add>;

struct Node {
    Operation operation;
    /// Indices of the nodes it reads, all smaller than its own; -1 is the graph's input.
    std::vector<int> inputs;
};

/// The last node's output are the logits, one for each output class (or one for two classes: the second's).
struct InferenceGraph {
    int channels = 1, height = 50, width = 50;
    std::vector<Node> nodes;
};

}  // namespace emotion::ml
