#include "ml/network/network_export.hpp"

#include <algorithm>
#include <cmath>

#include "ml/core/overloaded.hpp"

namespace emotion::ml {
namespace {

// Batch normalisation in evaluation mode: scale * x + shift for each channel.
struct Affine {
    std::vector<float> scale, shift;
};

Affine running_affine(const layer::BatchNorm& norm, std::span<const float> parameters,
                      std::span<const float> statistics, int channels) {
    Affine affine;
    for (int c = 0; c < channels; ++c) {
        const float scale = parameters[c] / std::sqrt(statistics[channels + c] + norm.epsilon);
        affine.scale.push_back(scale);
        affine.shift.push_back(parameters[channels + c] - scale * statistics[c]);
    }
    return affine;
}

// Ours are (kernel height, kernel width, in, out), ONNX's (out, in, kernel height, kernel width).
std::vector<float> outputs_first(std::span<const float> weights, const ConvolutionGeometry& geometry) {
    const int in = geometry.depthwise ? 1 : geometry.in.channels, out = geometry.out.channels;
    std::vector<float> result;
    for (int o = 0; o < out; ++o)
        for (int i = 0; i < in; ++i)
            for (int tap = 0; tap < geometry.taps(); ++tap)
                result.push_back(weights[(tap * in + i) * out + o]);
    return result;
}

// Into a convolution or dense layer, weights (out, ...).
template <class Linear>
void fold_into(Linear& linear, const Affine& affine) {
    const std::size_t per_output = linear.weights.size() / linear.bias.size();
    for (std::size_t o = 0; o < linear.bias.size(); ++o) {
        for (std::size_t i = 0; i < per_output; ++i) linear.weights[o * per_output + i] *= affine.scale[o];
        linear.bias[o] = affine.scale[o] * linear.bias[o] + affine.shift[o];
    }
}

void fold(const Affine& affine, Operation& operation) {
    if (auto* convolution = std::get_if<Convolution>(&operation)) fold_into(*convolution, affine);
    if (auto* dense = std::get_if<Dense>(&operation)) fold_into(*dense, affine);
}

// A normalisation that no convolution can take in is one of its own: each channel by itself, a kernel of 1x1.
Convolution as_convolution(const Affine& affine) {
    const int channels = static_cast<int>(affine.scale.size());
    return {.in_channels = channels,
            .out_channels = channels,
            .kernel = 1,
            .stride = 1,
            .padding = 0,
            .groups = channels,
            .weights = affine.scale,
            .bias = affine.shift};
}

}  // namespace

InferenceGraph export_graph(const NetworkSpec& spec, const NetworkPlan& plan,
                            std::span<const float> parameters, std::span<const float> statistics) {
    InferenceGraph graph{spec.input.channels, spec.input.height, spec.input.width, {}};
    std::vector<int> readers(plan.places.size(), 0);
    for (const Step& step : plan.steps)
        for (const int input : step.inputs) ++readers[input];
    std::vector<int> node_of(plan.places.size(), -1);       // by place
    std::vector<bool> foldable(plan.places.size(), false);  // what a normalisation alone reads
    for (const Step& step : plan.steps) {
        const int channels = plan.places[step.output].layout.shape.channels;
        std::vector<int> inputs;
        for (const int input : step.inputs) inputs.push_back(node_of[input]);
        const auto append = [&](Operation operation, std::vector<int> from) {
            graph.nodes.push_back({std::move(operation), std::move(from)});
            node_of[step.output] = static_cast<int>(graph.nodes.size()) - 1;
        };
        std::visit(Overloaded{
                       [&](const layer::Convolution& kind) {
                           const ConvolutionGeometry& geometry = *step.convolution;
                           const auto own = parameters.subspan(step.parameters, geometry.weights());
                           Convolution convolution{.in_channels = geometry.in.channels,
                                                   .out_channels = channels,
                                                   .kernel = kind.kernel,
                                                   .stride = kind.stride,
                                                   .padding = kind.padding,
                                                   .groups = kind.depthwise ? channels : 1,
                                                   .weights = outputs_first(own, geometry),
                                                   .bias = std::vector<float>(channels, 0.0f)};
                           if (kind.bias)
                               std::copy(own.end() - channels, own.end(), convolution.bias.begin());
                           append(std::move(convolution), inputs);
                       },
                       [&](const layer::Dense&) {
                           const ConvolutionGeometry& geometry = *step.convolution;
                           const auto own = parameters.subspan(step.parameters, geometry.weights());
                           append(Dense{.inputs = geometry.taps() * geometry.in.channels,
                                        .outputs = channels,
                                        .weights = outputs_first(own, geometry),
                                        .bias = std::vector<float>(own.end() - channels, own.end())},
                                  inputs);
                       },
                       [&](const layer::BatchNorm& kind) {
                           const Affine affine =
                               running_affine(kind, parameters.subspan(step.parameters),
                                              statistics.subspan(step.statistics), channels);
                           const int before = node_of[step.inputs[0]];
                           if (foldable[step.inputs[0]]) {
                               fold(affine, graph.nodes[before].operation);
                               node_of[step.output] = before;
                           } else {
                               append(as_convolution(affine), inputs);
                           }
                       },
                       [&](const layer::Dropout&) { node_of[step.output] = node_of[step.inputs[0]]; },
                       [&](const auto& kind) { append(kind, inputs); },  // the rest have no weights
                   },
                   step.kind);
        foldable[step.output] = step.convolution && readers[step.output] == 1;
        if (step.with_relu) append(Relu{}, {node_of[step.output]});
    }
    return graph;
}

}  // namespace emotion::ml
