#include "ml/network/graph.hpp"

#include <stdexcept>
#include <string>

namespace emotion::ml {
namespace {

[[noreturn]] void refuse(const Graph& graph, int node, const std::string& what) {
    throw std::invalid_argument("layer " + std::to_string(node) + " (" + name_of(graph.nodes[node].layer) +
                                "): " + what);
}

void check_all_read(const Graph& graph) {
    std::vector<bool> read(graph.nodes.size(), false);
    read.back() = true;
    for (int node = 0; node < static_cast<int>(graph.nodes.size()); ++node)
        for (const int input : inputs_of(graph, node))
            if (input >= 0) read[input] = true;
    for (int node = 0; node < static_cast<int>(graph.nodes.size()); ++node)
        if (!read[node]) refuse(graph, node, "no layer reads its output");
}

}  // namespace

std::vector<int> inputs_of(const Graph& graph, int node) {
    const std::vector<int>& inputs = graph.nodes.at(static_cast<std::size_t>(node)).inputs;
    return inputs.empty() ? std::vector<int>{node - 1} : inputs;
}

std::vector<std::unique_ptr<Layer>> bind_layers(const Graph& graph) {
    if (graph.input.channels < 1 || graph.input.height < 1 || graph.input.width < 1)
        throw std::invalid_argument("a network's input must not be empty, got " + text(graph.input));
    if (element_count(graph.input) > kMaxNumbers)
        throw std::invalid_argument("a network's input of " + text(graph.input) +
                                    " is too large, expected at most " + std::to_string(kMaxNumbers) +
                                    " numbers");
    if (graph.nodes.empty()) throw std::invalid_argument("a network needs at least one layer");
    std::vector<std::unique_ptr<Layer>> layers;
    for (int node = 0; node < static_cast<int>(graph.nodes.size()); ++node) {
        std::vector<Shape> inputs;
        for (const int input : inputs_of(graph, node)) {
            if (input < -1 || input >= node) refuse(graph, node, "can only read earlier layers");
            inputs.push_back(input < 0 ? graph.input : layers[input]->output());
        }
        try {
            layers.push_back(bind(graph.nodes[node].layer, inputs));
        } catch (const std::invalid_argument& problem) {
            refuse(graph, node, problem.what());
        }
    }
    check_all_read(graph);
    return layers;
}

std::vector<Shape> output_shapes(const Graph& graph) {
    std::vector<Shape> shapes;
    for (const auto& layer : bind_layers(graph)) shapes.push_back(layer->output());
    return shapes;
}

void round_weights_to_halves(Graph& graph) {
    for (Node& node : graph.nodes) round_weights_to_halves(node.layer);
}

std::size_t count_weights(const Graph& graph) {
    std::size_t weights = 0;
    for (const auto& layer : bind_layers(graph)) weights += layer->parameters().weights;
    return weights;
}

}  // namespace emotion::ml
