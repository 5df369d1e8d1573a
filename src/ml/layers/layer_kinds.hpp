#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "ml/core/api.hpp"
#include "ml/layers/add.hpp"
#include "ml/layers/average_pool.hpp"
#include "ml/layers/batch_norm.hpp"
#include "ml/layers/convolution.hpp"
#include "ml/layers/dense.hpp"
#include "ml/layers/dropout.hpp"
#include "ml/layers/global_average_pool.hpp"
#include "ml/layers/max_pool.hpp"
#include "ml/layers/relu.hpp"

namespace emotion::ml {

/// The table of layers. A kind is a plain struct of its options, in a file of its own that says all of it:
///
///     kName                      as messages call it
///     bind(inputs)               the layer at work on inputs of such shapes (layer.hpp); throws
///                                std::invalid_argument if they do not fit
///
/// and, where there is something to say,
///
///     kInputs                    how many it reads, if not one
///     kRecipeWord                how a recipe asks for it, as it is by default; or recipe_words(): lines
///     with
///                                numbers, or that append several layers
///     weights, bias              as ONNX lays them out; empty in a network that is still to learn
///     initialize(input, random, parameters, statistics)
///                                what it starts with: its weights if it has them, else random ones
///     for_inference(input, parameters, statistics)
///                                what stands for it in a trained network; nullopt: nothing. Without: itself
///     kOnnx                      its operator in ONNX; without: it is for training alone
///     write_onnx(input, node), read_onnx(node)
///                                the operator's attributes and weights
using LayerKind =
    std::variant<Convolution, Add, BatchNorm, Relu, MaxPool, AveragePool, GlobalAveragePool, Dropout, Dense>;

/// A layer in its place.
struct Node {
    LayerKind layer;
    /// Indices of the nodes it reads, all smaller than its own; -1 is the network's input. Empty: the node
    /// before it.
    std::vector<int> inputs = {};
};

/// As messages call it: "max pool".
EMOTION_ML_API std::string name_of(const LayerKind& kind);

/// Throws std::invalid_argument for a layer that is for training alone.
EMOTION_ML_API OnnxForm onnx_form(const LayerKind& kind);
EMOTION_ML_API OnnxNode onnx_node(const LayerKind& kind, const Shape& input);
/// Throws std::invalid_argument for a node that no layer is written as, naming the operator.
EMOTION_ML_API LayerKind read_onnx_node(const OnnxNode& node);

/// Layers that are being put together, one line of a recipe after the other.
struct NetworkBuilder {
    int channels = 1;  ///< of what the next layer reads
    std::vector<Node> nodes = {};

    int last() const { return static_cast<int>(nodes.size()) - 1; }
    void add(LayerKind layer, std::vector<int> inputs = {}) {
        nodes.push_back({std::move(layer), std::move(inputs)});
    }
};

/// Appends what a line of a recipe asks for. Throws std::invalid_argument that quotes the line.
EMOTION_ML_API void add_recipe_line(const std::string& line, NetworkBuilder& builder);

// Internal to the library.

/// Throws std::invalid_argument naming the kind, its input's shape and what does not fit.
std::unique_ptr<Layer> bind(const LayerKind& kind, std::span<const Shape> inputs);
/// Whether it brings the numbers that other layers of its kind learn.
bool has_weights(const LayerKind& kind);
void initialize(const LayerKind& kind, const Shape& input, Random random, std::span<float> parameters,
                std::span<float> statistics);
/// See for_inference() of the kinds.
std::optional<LayerKind> for_inference(const LayerKind& kind, const Shape& input,
                                       std::span<const float> parameters, std::span<const float> statistics);
/// Multiplies each output channel of a layer with weights and then adds to it; others stay as they are.
void scale_outputs(LayerKind& kind, std::span<const float> scale, std::span<const float> shift);

}  // namespace emotion::ml
