#include "model/sample_graphs.hpp"

#include <cmath>

#include "base/random.hpp"

namespace emotion::test {
namespace {

using namespace ml;

/// Bit-identical on every machine: no sum that a compiler may contract, no logarithm.
std::vector<float> random_numbers(int count, double deviation, Random& random) {
    std::vector<float> numbers;
    for (int i = 0; i < count; ++i)
        numbers.push_back(
            static_cast<float>(deviation * (static_cast<int>(random.below(4001)) - 2000) / 1155.0));
    return numbers;
}

Convolution random_convolution(int in, int out, int kernel, int stride, int groups, Random& random) {
    Convolution conv{.channels = out,
                     .kernel = kernel,
                     .stride = stride,
                     .padding = kernel / 2,
                     .groups = groups,
                     .with_bias = true};
    const int fan_in = in / groups * kernel * kernel;
    conv.weights = random_numbers(out * fan_in, std::sqrt(2.0 / fan_in), random);
    conv.bias = random_numbers(out, 0.1, random);
    return conv;
}

Dense random_dense(int in, int out, Random& random) {
    return {out, random_numbers(in * out, 1.0 / std::sqrt(in), random), random_numbers(out, 0.5, random)};
}

}  // namespace

Graph linear_graph(int height, int width) {
    Random random(1);
    return {{1, height, width}, {{random_dense(height * width, 1, random), {-1}}}};
}

Graph residual_graph(int channels, int height, int width, int classes) {
    Random random(2);
    Graph graph{{channels, height, width}, {}};
    const auto add = [&](LayerKind layer, std::vector<int> inputs) {
        graph.nodes.push_back({std::move(layer), std::move(inputs)});
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
    last = add(random_convolution(8, 12, 5, 2, 1, random), {last});
    last = add(Relu{}, {last});
    last = add(GlobalAveragePool{}, {last});
    last = add(random_dense(12, 16, random), {last});
    last = add(Relu{}, {last});
    add(random_dense(16, classes, random), {last});
    return graph;
}

}  // namespace emotion::test
