#include "ml/network/network_plan.hpp"

namespace emotion::ml {

Graph export_graph(const Graph& graph, const NetworkPlan& plan, const NetworkState& state) {
    Graph exported{graph.input, {}};
    const std::size_t count = graph.nodes.size() + 1;  // of outputs, including the input as the first
    std::vector<int> readers(count, 0), place_of(count, -1);
    std::vector<bool> foldable(count, false);  // has weights, and no reader but a normalization
    for (int node = 0; node < static_cast<int>(graph.nodes.size()); ++node)
        for (const int input : inputs_of(graph, node)) ++readers[input + 1];
    auto step = plan.steps.begin();
    for (int node = 0; node < static_cast<int>(graph.nodes.size()); ++node) {
        const std::vector<int> inputs = inputs_of(graph, node);
        const LayerKind& kind = graph.nodes[node].layer;
        std::optional<LayerKind> layer = kind;
        if (step != plan.steps.end() && step->node == node) {  // a fused ReLU has no step
            layer = for_inference(kind, plan.places[step->inputs[0]].layout.shape,
                                  step->parameters_of(std::span(state.parameters)),
                                  step->statistics_of(std::span(state.statistics)));
            foldable[node + 1] = step->sizes.weights > 0 && readers[node + 1] == 1;
            ++step;
        }
        place_of[node + 1] = place_of[inputs[0] + 1];
        if (!layer) continue;
        if (std::holds_alternative<BatchNorm>(kind) && foldable[inputs[0] + 1]) {
            const auto& affine = std::get<Convolution>(*layer);
            scale_outputs(exported.nodes[place_of[node + 1]].layer, affine.weights, affine.bias);
            continue;
        }
        std::vector<int> places;
        for (const int input : inputs) places.push_back(place_of[input + 1]);
        exported.nodes.push_back({std::move(*layer), std::move(places)});
        place_of[node + 1] = static_cast<int>(exported.nodes.size()) - 1;
    }
    return exported;
}

}  // namespace emotion::ml
