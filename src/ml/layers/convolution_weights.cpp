#include "ml/layers/convolution_weights.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

namespace emotion::ml {
namespace {

int inputs_of_tap(const ConvolutionGeometry& geometry) {
    return geometry.depthwise ? 1 : geometry.in.channels;
}

// Calls body(ONNX index, our index).
template <class Body>
void for_weights(const ConvolutionGeometry& geometry, const Body& body) {
    const std::size_t in = inputs_of_tap(geometry), out = geometry.out.channels, taps = geometry.taps();
    for (std::size_t o = 0; o < out; ++o)
        for (std::size_t i = 0; i < in; ++i)
            for (std::size_t tap = 0; tap < taps; ++tap)
                body((o * in + i) * taps + tap, (tap * in + i) * out + o);
}

}  // namespace

void check_weights(const ConvolutionGeometry& geometry, std::span<const float> weights,
                   std::span<const float> bias) {
    const double outputs = geometry.out.channels;
    const double needed =
        (double{1} * geometry.kernel_height * geometry.kernel_width * inputs_of_tap(geometry) + 1) * outputs;
    if (needed > kMaxNumbers)
        throw std::invalid_argument("needs too many weights to read its input " + text(geometry.in) +
                                    ", expected at most " + std::to_string(kMaxNumbers) + " numbers");
    if (weights.empty() && bias.empty()) return;
    const std::size_t expected_bias = geometry.bias ? geometry.out.channels : 0;
    const std::size_t expected = geometry.weights() - expected_bias;
    if (weights.size() != expected || bias.size() != expected_bias)
        throw std::invalid_argument(std::to_string(weights.size()) + " weights and " +
                                    std::to_string(bias.size()) + " biases, expected " +
                                    std::to_string(expected) + " and " + std::to_string(expected_bias) +
                                    " on " + text(geometry.in));
}

void draw_weights(const ConvolutionGeometry& geometry, double gain, Random random,
                  std::span<float> parameters) {
    const int fan_in = geometry.taps() * inputs_of_tap(geometry);
    const double deviation = std::sqrt(gain / fan_in);
    for (float& weight : parameters.first(static_cast<std::size_t>(fan_in) * geometry.out.channels))
        weight = static_cast<float>(deviation * random.normal());
}

void import_weights(const ConvolutionGeometry& geometry, std::span<const float> weights,
                    std::span<const float> bias, std::span<float> parameters) {
    for_weights(geometry, [&](std::size_t theirs, std::size_t ours) { parameters[ours] = weights[theirs]; });
    std::ranges::copy(bias, parameters.last(bias.size()).begin());
}

void export_weights(const ConvolutionGeometry& geometry, std::span<const float> parameters,
                    std::vector<float>& weights, std::vector<float>& bias) {
    const std::size_t outputs = geometry.out.channels;
    weights.resize(geometry.weights() - (geometry.bias ? outputs : 0));
    for_weights(geometry, [&](std::size_t theirs, std::size_t ours) { weights[theirs] = parameters[ours]; });
    bias.assign(outputs, 0.0f);
    if (geometry.bias) std::ranges::copy(parameters.last(outputs), bias.begin());
}

}  // namespace emotion::ml
