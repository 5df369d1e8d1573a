#include "ml/network/graph_evaluator.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace emotion::ml {
namespace {

struct Tensor {
    int channels = 0, height = 0, width = 0;
    std::vector<double> values;

    Tensor(int c, int h, int w)
        : channels(c), height(h), width(w), values(static_cast<std::size_t>(c) * h * w) {}
    double& at(int c, int y, int x) { return values[(static_cast<std::size_t>(c) * height + y) * width + x]; }
    double at(int c, int y, int x) const {
        return values[(static_cast<std::size_t>(c) * height + y) * width + x];
    }
};

struct Evaluator {
    const std::vector<const Tensor*>& inputs;

    Tensor operator()(const Convolution& op) const {
        const Tensor& in = *inputs[0];
        const int k = op.kernel, in_group = in.channels / op.groups, out_group = op.channels / op.groups;
        Tensor out(op.channels, (in.height + 2 * op.padding - k) / op.stride + 1,
                   (in.width + 2 * op.padding - k) / op.stride + 1);
        for (int o = 0; o < out.channels; ++o)
            for (int y = 0; y < out.height; ++y)
                for (int x = 0; x < out.width; ++x) {
                    double sum = op.bias[o];
                    for (int i = 0; i < in_group; ++i)
                        for (int ky = 0; ky < k; ++ky)
                            for (int kx = 0; kx < k; ++kx) {
                                const int row = y * op.stride + ky - op.padding,
                                          column = x * op.stride + kx - op.padding;
                                if (row < 0 || row >= in.height || column < 0 || column >= in.width) continue;
                                sum += op.weights[((o * in_group + i) * k + ky) * k + kx] *
                                       in.at(o / out_group * in_group + i, row, column);
                            }
                    out.at(o, y, x) = sum;
                }
        return out;
    }
    Tensor operator()(const Dense& op) const {
        Tensor out(op.outputs, 1, 1);
        for (int o = 0; o < op.outputs; ++o) {
            out.values[o] = op.bias[o];
            for (int i = 0; i < op.inputs(); ++i)
                out.values[o] += op.weights[o * op.inputs() + i] * inputs[0]->values[i];
        }
        return out;
    }
    Tensor operator()(const Relu&) const {
        Tensor out = *inputs[0];
        for (double& value : out.values) value = std::max(value, 0.0);
        return out;
    }
    template <class Combine>
    Tensor windows(int height, int width, int stride, double start, const Combine& combine) const {
        const Tensor& in = *inputs[0];
        Tensor out(in.channels, (in.height - height) / stride + 1, (in.width - width) / stride + 1);
        for (int c = 0; c < out.channels; ++c)
            for (int y = 0; y < out.height; ++y)
                for (int x = 0; x < out.width; ++x) {
                    double value = start;
                    for (int i = 0; i < height; ++i)
                        for (int j = 0; j < width; ++j)
                            value = combine(value, in.at(c, y * stride + i, x * stride + j));
                    out.at(c, y, x) = value;
                }
        return out;
    }
    Tensor operator()(const MaxPool& op) const {
        return windows(op.size, op.size, op.stride, -INFINITY,
                       [](double a, double b) { return std::max(a, b); });
    }
    Tensor average(int height, int width, int stride) const {
        return windows(height, width, stride, 0,
                       [&](double a, double b) { return a + b / (height * width); });
    }
    Tensor operator()(const AveragePool& op) const { return average(op.size, op.size, op.stride); }
    Tensor operator()(const GlobalAveragePool&) const {
        return average(inputs[0]->height, inputs[0]->width, 1);
    }
    Tensor operator()(const Add&) const {
        Tensor out = *inputs[0];
        for (std::size_t i = 0; i < out.values.size(); ++i) out.values[i] += inputs[1]->values[i];
        return out;
    }
    Tensor operator()(const BatchNorm&) const { throw std::invalid_argument("batch norm is for training"); }
    Tensor operator()(const Dropout&) const { throw std::invalid_argument("dropout is for training"); }
};

}  // namespace

std::vector<double> evaluate(const Graph& graph, std::span<const float> image) {
    std::vector<Tensor> values;
    values.emplace_back(graph.input.channels, graph.input.height, graph.input.width);
    values[0].values.assign(image.begin(), image.end());
    values.reserve(graph.nodes.size() + 1);
    for (int node = 0; node < static_cast<int>(graph.nodes.size()); ++node) {
        std::vector<const Tensor*> inputs;
        for (const int input : inputs_of(graph, node)) inputs.push_back(&values[input + 1]);
        values.push_back(std::visit(Evaluator{inputs}, graph.nodes[node].layer));
    }
    return values.back().values;
}

}  // namespace emotion::ml
