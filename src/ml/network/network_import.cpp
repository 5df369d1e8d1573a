#include "ml/network/network_import.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "ml/network/network_spec.hpp"
#include "ml/core/overloaded.hpp"

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
void append(std::span<const float> weights, std::span<const float> bias, const Shape& in, int outputs,
            int inputs, int taps, std::vector<float>& parameters) {
    const std::size_t expected = static_cast<std::size_t>(outputs) * inputs * taps;
    if (weights.size() != expected || bias.size() != static_cast<std::size_t>(outputs))
        throw std::invalid_argument(std::to_string(weights.size()) + " weights and " +
                                    std::to_string(bias.size()) + " biases, expected " +
                                    std::to_string(expected) + " and " + std::to_string(outputs) + " on " +
                                    text(in));
    for (int tap = 0; tap < taps; ++tap)
        for (int i = 0; i < inputs; ++i)
            for (int o = 0; o < outputs; ++o)
                parameters.push_back(weights[(static_cast<std::size_t>(o) * inputs + i) * taps + tap]);
    parameters.insert(parameters.end(), bias.begin(), bias.end());
}

}  // namespace

NetworkSpec spec_of(const InferenceGraph& graph) {
    NetworkSpec spec{{graph.channels, graph.height, graph.width}, {}};
    for (const Node& node : graph.nodes) spec.layers.push_back({layer_of(node.operation), node.inputs});
    return spec;
}

std::vector<float> parameters_of(const InferenceGraph& graph) {
    const NetworkSpec spec = spec_of(graph);
    const std::vector<Shape> shapes = output_shapes(spec);
    std::vector<float> parameters;
    for (int index = 0; index < static_cast<int>(graph.nodes.size()); ++index) {
        const int input = inputs_of(spec, index)[0];
        const Shape in = input < 0 ? spec.input : shapes[input];
        std::visit(Overloaded{
                       [&](const Convolution& convolution) {
                           append(convolution.weights, convolution.bias, in, convolution.out_channels,
                                  convolution.groups > 1 ? 1 : in.channels,
                                  convolution.kernel * convolution.kernel, parameters);
                       },
                       [&](const Dense& dense) {
                           append(dense.weights, dense.bias, in, dense.outputs, in.channels,
                                  in.height * in.width, parameters);
                       },
                       [](const auto&) {},
                   },
                   graph.nodes[index].operation);
    }
    return parameters;
}

Network network_of(const InferenceGraph& graph) {
    const std::vector<float> parameters = parameters_of(graph);
    Network network(spec_of(graph), 0);
    std::copy(parameters.begin(), parameters.end(), network.parameters().begin());
    return network;
}

}  // namespace emotion::ml
