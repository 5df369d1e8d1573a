#include "ml/network/network_spec.hpp"

#include <stdexcept>

#include "ml/core/overloaded.hpp"

namespace emotion::ml {
namespace {

[[noreturn]] void refuse(const NetworkSpec& spec, int index, const std::string& what) {
    throw std::invalid_argument("layer " + std::to_string(index) + " (" + name_of(spec.layers[index].kind) +
                                "): " + what);
}

// A double, as the product of hostile sides could be anything.
double numbers_in(const Shape& shape) {
    return double{1} * shape.channels * shape.height * shape.width;
}

std::string at_most() {
    return ", expected at most " + std::to_string(kMostNumbers) + " numbers";
}

Shape windowed(const NetworkSpec& spec, int index, const Shape& in, int size, int stride, int padding) {
    if (size < 1 || stride < 1 || size > kLargestWindow || stride > kLargestWindow)
        refuse(spec, index, "size and stride must be in [1, " + std::to_string(kLargestWindow) + "]");
    if (padding < 0 || padding >= size)
        refuse(spec, index, "padding must be at least 0 and smaller than the kernel");
    if (size > in.height + 2 * padding || size > in.width + 2 * padding)
        refuse(spec, index,
               "a window of " + std::to_string(size) + " does not fit into its input " + text(in));
    return {in.channels, (in.height + 2 * padding - size) / stride + 1,
            (in.width + 2 * padding - size) / stride + 1};
}

}  // namespace

std::string text(const Shape& shape) {
    return std::to_string(shape.channels) + "x" + std::to_string(shape.height) + "x" +
           std::to_string(shape.width);
}

std::string name_of(const LayerKind& kind) {
    static constexpr const char* names[] = {"convolution", "batch norm",   "relu",
                                            "max pool",    "average pool", "global average pool",
                                            "dense",       "dropout",      "add"};
    static_assert(std::size(names) == std::variant_size_v<LayerKind>);
    return names[kind.index()];
}

std::vector<int> inputs_of(const NetworkSpec& spec, int index) {
    const std::vector<int>& inputs = spec.layers.at(static_cast<std::size_t>(index)).inputs;
    return inputs.empty() ? std::vector<int>{index - 1} : inputs;
}

std::vector<Shape> output_shapes(const NetworkSpec& spec) {
    if (spec.input.channels < 1 || spec.input.height < 1 || spec.input.width < 1)
        throw std::invalid_argument("a network's input must not be empty, got " + text(spec.input));
    if (numbers_in(spec.input) > kMostNumbers)
        throw std::invalid_argument("a network's input of " + text(spec.input) + " is too large" + at_most());
    if (spec.layers.empty()) throw std::invalid_argument("a network needs at least one layer");
    std::vector<Shape> shapes;
    for (int index = 0; index < static_cast<int>(spec.layers.size()); ++index) {
        const LayerKind& kind = spec.layers[index].kind;
        const std::vector<int> inputs = inputs_of(spec, index);
        if (inputs.size() != (std::holds_alternative<Add>(kind) ? 2u : 1u))
            refuse(spec, index, "reads " + std::to_string(inputs.size()) + " inputs");
        for (const int input : inputs)
            if (input < -1 || input >= index) refuse(spec, index, "can only read earlier layers");
        const auto shape_of = [&](int input) { return input < 0 ? spec.input : shapes[input]; };
        const Shape in = shape_of(inputs[0]);
        const auto check_weights = [&](double per_output, int outputs) {  // with the biases
            if ((per_output + 1) * outputs > kMostNumbers)
                refuse(spec, index, "needs too many weights to read its input " + text(in) + at_most());
        };
        const Shape shape = std::visit(
            Overloaded{
                [&](const layer::Convolution& convolution) {
                    if (convolution.channels < 1) refuse(spec, index, "needs at least one output channel");
                    if (convolution.depthwise && convolution.channels != in.channels)
                        refuse(spec, index,
                               "depthwise needs as many channels out as in, got " +
                                   std::to_string(convolution.channels) + " from " + text(in));
                    Shape out = windowed(spec, index, in, convolution.kernel, convolution.stride,
                                         convolution.padding);
                    out.channels = convolution.channels;
                    check_weights(double{1} * convolution.kernel * convolution.kernel *
                                      (convolution.depthwise ? 1 : in.channels),
                                  out.channels);
                    return out;
                },
                [&](const layer::BatchNorm& norm) {
                    if (!(norm.momentum >= 0 && norm.momentum <= 1) || !(norm.epsilon > 0))
                        refuse(spec, index, "momentum must be in [0, 1] and epsilon positive");
                    return in;
                },
                [&](const layer::Dropout& dropout) {
                    if (!(dropout.rate >= 0 && dropout.rate < 1))
                        refuse(spec, index, "rate must be in [0, 1)");
                    return in;
                },
                [&](const layer::Dense& dense) {
                    if (dense.outputs < 1) refuse(spec, index, "needs at least one output");
                    check_weights(numbers_in(in), dense.outputs);
                    return Shape{dense.outputs, 1, 1};
                },
                [&](const Relu&) { return in; },
                [&](const MaxPool& pool) { return windowed(spec, index, in, pool.size, pool.stride, 0); },
                [&](const AveragePool& pool) { return windowed(spec, index, in, pool.size, pool.stride, 0); },
                [&](const GlobalAveragePool&) {
                    return Shape{in.channels, 1, 1};
                },
                [&](const Add&) {
                    if (shape_of(inputs[1]) != in)
                        refuse(spec, index,
                               "its inputs differ: " + text(in) + " and " + text(shape_of(inputs[1])));
                    return in;
                },
            },
            kind);
        if (numbers_in(shape) > kMostNumbers)
            refuse(spec, index, "its output " + text(shape) + " is too large" + at_most());
        shapes.push_back(shape);
    }
    std::vector<bool> read(spec.layers.size(), false);
    read.back() = true;
    for (int index = 0; index < static_cast<int>(spec.layers.size()); ++index)
        for (const int input : inputs_of(spec, index))
            if (input >= 0) read[input] = true;
    for (int index = 0; index < static_cast<int>(spec.layers.size()); ++index)
        if (!read[index]) refuse(spec, index, "no layer reads its output");
    return shapes;
}

}  // namespace emotion::ml
