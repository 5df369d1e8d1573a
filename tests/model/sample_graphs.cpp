#include "model/sample_graphs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/random.hpp"

namespace emotion::test {
namespace {

using namespace ml;

/// The same numbers on every machine, down to the last bit: no sum that one compiler contracts, no logarithm.
std::vector<float> random_numbers(int count, double deviation, Random& random) {
    std::vector<float> numbers;
    for (int i = 0; i < count; ++i)
        numbers.push_back(
            static_cast<float>(deviation * (static_cast<int>(random.below(4001)) - 2000) / 1155.0));
    return numbers;
}

Convolution random_convolution(int in, int out, int kernel, int stride, int groups, Random& random) {
    Convolution conv{in, out, kernel, stride, kernel / 2, groups, {}, {}};
    const int fan_in = in / groups * kernel * kernel;
    conv.weights = random_numbers(out * fan_in, std::sqrt(2.0 / fan_in), random);
    conv.bias = random_numbers(out, 0.1, random);
    return conv;
}

Dense random_dense(int in, int out, Random& random) {
    return {in, out, random_numbers(in * out, 1.0 / std::sqrt(in), random), random_numbers(out, 0.5, random)};
}

struct Tensor {
    int channels = 0, height = 0, width = 0;
    std::vector<double> values;

    Tensor(int c, int h, int w)
        : channels(c), height(h), width(w), values(static_cast<std::size_t>(c * h * w)) {}
    double& at(int c, int y, int x) { return values[static_cast<std::size_t>((c * height + y) * width + x)]; }
    double at(int c, int y, int x) const {
        return values[static_cast<std::size_t>((c * height + y) * width + x)];
    }
};

Tensor run(const Convolution& conv, const std::vector<Tensor>& in) {
    const int height = (in[0].height + 2 * conv.padding - conv.kernel) / conv.stride + 1;
    const int width = (in[0].width + 2 * conv.padding - conv.kernel) / conv.stride + 1;
    const int in_group = conv.in_channels / conv.groups, out_group = conv.out_channels / conv.groups;
    Tensor out(conv.out_channels, height, width);
    for (int o = 0; o < conv.out_channels; ++o)
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x) {
                double sum = conv.bias[static_cast<std::size_t>(o)];
                for (int i = 0; i < in_group; ++i)
                    for (int dy = 0; dy < conv.kernel; ++dy)
                        for (int dx = 0; dx < conv.kernel; ++dx) {
                            const int from_y = y * conv.stride + dy - conv.padding;
                            const int from_x = x * conv.stride + dx - conv.padding;
                            if (from_y < 0 || from_y >= in[0].height || from_x < 0 || from_x >= in[0].width)
                                continue;
                            const int weight = ((o * in_group + i) * conv.kernel + dy) * conv.kernel + dx;
                            sum += conv.weights[static_cast<std::size_t>(weight)] *
                                   in[0].at(o / out_group * in_group + i, from_y, from_x);
                        }
                out.at(o, y, x) = sum;
            }
    return out;
}

Tensor run(const Dense& dense, const std::vector<Tensor>& in) {
    Tensor out(dense.outputs, 1, 1);
    for (int o = 0; o < dense.outputs; ++o) {
        double sum = dense.bias[static_cast<std::size_t>(o)];
        for (int i = 0; i < dense.inputs; ++i)
            sum += dense.weights[static_cast<std::size_t>(o * dense.inputs + i)] *
                   in[0].values[static_cast<std::size_t>(i)];
        out.at(o, 0, 0) = sum;
    }
    return out;
}

Tensor run(const Relu&, const std::vector<Tensor>& in) {
    Tensor out = in[0];
    for (double& value : out.values) value = std::max(value, 0.0);
    return out;
}

/// `reduce` takes what was gathered so far and the next value of a window, `finish` the result and its size.
template <typename Reduce>
Tensor run_pool(int size_y, int size_x, int stride, const Tensor& in, double start, const Reduce& reduce) {
    Tensor out(in.channels, (in.height - size_y) / stride + 1, (in.width - size_x) / stride + 1);
    for (int c = 0; c < out.channels; ++c)
        for (int y = 0; y < out.height; ++y)
            for (int x = 0; x < out.width; ++x) {
                double value = start;
                for (int dy = 0; dy < size_y; ++dy)
                    for (int dx = 0; dx < size_x; ++dx)
                        value = reduce(value, in.at(c, y * stride + dy, x * stride + dx));
                out.at(c, y, x) = value;
            }
    return out;
}

Tensor run(const MaxPool& pool, const std::vector<Tensor>& in) {
    return run_pool(pool.size, pool.size, pool.stride, in[0], -std::numeric_limits<double>::infinity(),
                    [](double most, double value) { return std::max(most, value); });
}

Tensor run(const AveragePool& pool, const std::vector<Tensor>& in) {
    return run_pool(pool.size, pool.size, pool.stride, in[0], 0.0,
                    [&](double sum, double value) { return sum + value / (pool.size * pool.size); });
}

Tensor run(const GlobalAveragePool&, const std::vector<Tensor>& in) {
    return run_pool(in[0].height, in[0].width, 1, in[0], 0.0,
                    [&](double sum, double value) { return sum + value / (in[0].height * in[0].width); });
}

Tensor run(const Add&, const std::vector<Tensor>& in) {
    Tensor out = in[0];
    for (std::size_t i = 0; i < out.values.size(); ++i) out.values[i] += in[1].values[i];
    return out;
}

}  // namespace

InferenceGraph linear_graph(int height, int width) {
    Random random(1);
    return {1, height, width, {{random_dense(height * width, 1, random), {-1}}}};
}

InferenceGraph residual_graph(int channels, int height, int width, int classes, int groups) {
    Random random(2);
    InferenceGraph graph{channels, height, width, {}};
    const auto add = [&](Operation operation, std::vector<int> inputs) {
        graph.nodes.push_back({std::move(operation), std::move(inputs)});
        return static_cast<int>(graph.nodes.size()) - 1;
    };
    int last = add(random_convolution(channels, 8, 3, 1, 1, random), {-1});
    last = add(Relu{}, {last});
    const int pooled = add(MaxPool{2, 2}, {last});
    last = add(random_convolution(8, 8, 3, 1, 8, random), {pooled});
    last = add(random_convolution(8, 8, 1, 1, 1, random), {last});
    last = add(Add{}, {pooled, last});
    last = add(Relu{}, {last});
    last = add(AveragePool{3, 2}, {last});
    last = add(random_convolution(8, 12, 5, 2, groups, random), {last});
    last = add(Relu{}, {last});
    last = add(GlobalAveragePool{}, {last});
    last = add(random_dense(12, 16, random), {last});
    last = add(Relu{}, {last});
    add(random_dense(16, classes, random), {last});
    return graph;
}

std::vector<double> reference_forward(const InferenceGraph& graph, std::span<const float> input) {
    Tensor first(graph.channels, graph.height, graph.width);
    first.values.assign(input.begin(), input.end());
    std::vector<Tensor> values;
    for (const auto& node : graph.nodes) {
        std::vector<Tensor> inputs;
        for (const int from : node.inputs)
            inputs.push_back(from < 0 ? first : values[static_cast<std::size_t>(from)]);
        values.push_back(
            std::visit([&](const auto& operation) { return run(operation, inputs); }, node.operation));
    }
    return values.back().values;
}

}  // namespace emotion::test
