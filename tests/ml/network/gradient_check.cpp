#include "ml/network/gradient_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/random.hpp"
#include "support/catch.hpp"

namespace emotion::ml {

std::vector<float> normal_numbers(std::size_t count, std::uint64_t seed) {
    Random random(seed);
    std::vector<float> numbers(count);
    for (float& number : numbers) number = static_cast<float>(random.normal());
    return numbers;
}

Network perturbed(const Graph& graph, std::uint64_t seed) {
    Network network(graph, seed);
    Random random(seed, 1);
    for (float& parameter : network.parameters()) parameter += static_cast<float>(0.1 * random.normal());
    for (float& statistic : network.statistics()) statistic += static_cast<float>(random.uniform(0, 0.5));
    return network;
}

void check_gradients(Network network) {
    ThreadPool pool(2);
    const int batch = 5;
    const std::vector<float> images = normal_numbers(batch * network.inputs(), 3);
    const std::vector<float> loss_weights = normal_numbers(batch * network.outputs(), 4);
    const auto loss = [&] {
        const auto logits = network.forward(images, 77, pool);
        double sum = 0;
        for (std::size_t i = 0; i < logits.size(); ++i) sum += double{logits[i]} * loss_weights[i];
        return sum;
    };
    loss();
    std::vector<float> gradient(network.parameters().size());
    network.backward(loss_weights, gradient, pool);
    const auto difference = [&](std::size_t i, float step) {
        float& parameter = network.parameters()[i];
        const float before = parameter;
        parameter = before + step;
        const double above = loss(), high = parameter;
        parameter = before - step;
        const double below = loss(), low = parameter;
        parameter = before;
        return (above - below) / (high - low);
    };
    double scale = 0;
    for (const float value : gradient) scale = std::max(scale, std::abs(double{value}));
    REQUIRE(scale > 0);
    const double tolerance = 4e-3 * scale;
    for (const ParameterBlock& block : network.parameter_blocks())
        for (std::size_t i = 0; i < block.count; i += 1 + block.count / 40) {
            INFO("layer " << block.layer << ", parameter " << i << ": " << gradient[block.begin + i]);
            // ReLU and max pooling have kinks, across which differences are wrong: a smaller step must then
            // agree.
            CHECK(std::ranges::any_of(std::array{1e-2f, 2e-3f, 4e-4f, 8e-5f}, [&](float step) {
                return std::abs(difference(block.begin + i, step) - gradient[block.begin + i]) < tolerance;
            }));
        }
}

}  // namespace emotion::ml
