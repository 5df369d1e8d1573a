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

/// The table of layers. A kind is a plain struct of its options, fully defined in a file of its own:
///
///     kName                      the name in messages
///     bind(inputs)               the layer for inputs of these shapes (layer.hpp); throws
///                                std::invalid_argument if they do not fit
///
/// and optionally
///
///     kInputs                    number of inputs, if not one
///     kRecipeWord                the word for its default in a recipe; or recipe_words(): lines with
///                                numbers, or that append several layers
///     weights, bias              in ONNX layout; empty in an untrained network
///     initialize(input, random, parameters, statistics)
///                                initial values: its weights if it has them, else random ones
///     for_inference(input, parameters, statistics)
///                                its replacement in a trained network, nullopt for none; default: itself
///     kOnnx                      its ONNX operator; without it, the layer exists in training only
///     write_onnx(input, node), read_onnx(node)
///                                attributes and weights of the operator
using LayerKind =
    std::variant<Convolution, Add, BatchNorm, Relu, MaxPool, AveragePool, GlobalAveragePool, Dropout, Dense>;

/// A layer in a graph.
struct Node {
    LayerKind layer;
    /// Indices of the nodes it reads, all smaller than its own; -1: the network's input. Empty: the previous
    /// node.
    std::vector<int> inputs = {};
};

/// The name in messages: "max pool".
EMOTION_ML_API std::string name_of(const LayerKind& kind);

/// Throws std::invalid_argument for a layer that exists in training only.
EMOTION_ML_API OnnxForm onnx_form(const LayerKind& kind);
EMOTION_ML_API OnnxNode onnx_node(const LayerKind& kind, const Shape& input);
/// Throws std::invalid_argument naming the operator if no layer corresponds to the node.
EMOTION_ML_API LayerKind read_onnx_node(const OnnxNode& node);

/// Layers being assembled from the lines of a recipe.
struct NetworkBuilder {
    int channels = 1;  ///< input channels of the next layer
    std::vector<Node> nodes = {};

    int last() const { return static_cast<int>(nodes.size()) - 1; }
    void add(LayerKind layer, std::vector<int> inputs = {}) {
        nodes.push_back({std::move(layer), std::move(inputs)});
    }
};

/// Appends the layers of a recipe line. Throws std::invalid_argument quoting the line.
EMOTION_ML_API void add_recipe_line(const std::string& line, NetworkBuilder& builder);

// Internal to the library.

/// Throws std::invalid_argument naming the kind, the input shape and what does not fit.
std::unique_ptr<Layer> bind(const LayerKind& kind, std::span<const Shape> inputs);
/// Whether a layer holds trained weights.
bool has_weights(const LayerKind& kind);
void initialize(const LayerKind& kind, const Shape& input, Random random, std::span<float> parameters,
                std::span<float> statistics);
/// See for_inference() in the table.
std::optional<LayerKind> for_inference(const LayerKind& kind, const Shape& input,
                                       std::span<const float> parameters, std::span<const float> statistics);
/// See round_weights_to_halves().
void round_weights_to_halves(LayerKind& kind);
/// Multiplies each output channel of a layer with weights by `scale` and adds `shift`; other layers are
/// unchanged.
void scale_outputs(LayerKind& kind, std::span<const float> scale, std::span<const float> shift);

}  // namespace emotion::ml
