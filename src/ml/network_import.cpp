#include "ml/network_import.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "ml/network_spec.hpp"
#include "ml/overloaded.hpp"

namespace emotion::ml {
namespace {

LayerKind layer_of(const Operation& operation) {
    return std::visit(
        Overloaded{
            [](const Convolution& convolution) -> LayerKind {
                const bool depthwise = convolution.groups > 1;
                if (depthwise && (convolution.groups != convolution.in_channels ||
                                  convolution.groups != convolution.out_channels))
                    throw std::invalid_argument("a convolution in " + std::to_string(convolution.groups) +
                                                " groups, expected one or one for each channel");
                return layer::Convolution{.channels = convolution.out_channels,
                                          .kernel = convolution.kernel,
                                          .stride = convolution.stride,
                                          .padding = convolution.padding,
                                          .depthwise = depthwise,
                                          .bias = true};
            },
            [](const Dense& dense) -> LayerKind { return layer::Dense{dense.outputs}; },
            [](const auto& other) -> LayerKind { return other; },
        },
        operation);
}

// ONNX's are (out, in, taps), ours (taps, in, out) with the biases behind them.
void copy_weights(std::span<const float> weights, std::span<const float> bias, int taps_of_kernel,
                  std::span<float> own) {
    const std::size_t outputs = bias.size(), taps = static_cast<std::size_t>(taps_of_kernel);
    if (own.size() != weights.size() + outputs)
        throw std::invalid_argument(std::to_string(weights.size()) + " weights and " +
                                    std::to_string(outputs) + " biases, expected " +
                                    std::to_string(own.size()) + " in all");
    const std::size_t inputs = weights.size() / (outputs * taps);
    for (std::size_t o = 0; o < outputs; ++o)
        for (std::size_t i = 0; i < inputs; ++i)
            for (std::size_t tap = 0; tap < taps; ++tap)
                own[(tap * inputs + i) * outputs + o] = weights[(o * inputs + i) * taps + tap];
    std::copy(bias.begin(), bias.end(), own.end() - static_cast<std::ptrdiff_t>(outputs));
}

}  // namespace

Network network_of(const InferenceGraph& graph) {
    NetworkSpec spec{{graph.channels, graph.height, graph.width}, {}};
    for (const Node& node : graph.nodes) spec.layers.push_back({layer_of(node.operation), node.inputs});
    const auto shapes = output_shapes(spec);

    Network network(spec, 0);
    // A layer's weights, then its biases: two blocks, one after the other.
    const auto& blocks = network.parameter_blocks();
    for (std::size_t block = 0; block + 1 < blocks.size(); block += 2) {
        const auto index = static_cast<std::size_t>(blocks[block].layer);
        const auto own =
            network.parameters().subspan(blocks[block].begin, blocks[block].count + blocks[block + 1].count);
        std::visit(Overloaded{
                       [&](const Convolution& convolution) {
                           copy_weights(convolution.weights, convolution.bias,
                                        convolution.kernel * convolution.kernel, own);
                       },
                       [&](const Dense& dense) {
                           const int input = graph.nodes[index].inputs.at(0);
                           const Shape& in = input < 0 ? spec.input : shapes[static_cast<std::size_t>(input)];
                           copy_weights(dense.weights, dense.bias, in.height * in.width, own);
                       },
                       [](const auto&) {},
                   },
                   graph.nodes[index].operation);
    }
    return network;
}

}  // namespace emotion::ml
