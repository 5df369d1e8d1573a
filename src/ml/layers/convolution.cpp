#include "ml/layers/convolution.hpp"

#include <stdexcept>

#include "ml/layers/convolution_weights.hpp"
#include "ml/layers/layer_kinds.hpp"

namespace emotion::ml {
namespace {

constexpr int kMaxRecipeChannels = 4096;

}  // namespace

ConvolutionGeometry Convolution::geometry(const Shape& input) const {
    Shape out = windowed(input, kernel, stride, padding);
    out.channels = channels;
    return {.in = input,
            .out = out,
            .kernel_height = kernel,
            .kernel_width = kernel,
            .stride = stride,
            .padding = padding,
            .depthwise = groups > 1,
            .bias = with_bias};
}

std::unique_ptr<Layer> Convolution::bind(std::span<const Shape> inputs) const {
    if (channels < 1) throw std::invalid_argument("needs at least one output channel");
    if (groups != 1 && (groups != channels || groups != inputs[0].channels))
        throw std::invalid_argument(std::to_string(groups) + " groups for " + std::to_string(channels) +
                                    " channels from " + text(inputs[0]) +
                                    ", expected 1 or, depthwise, as many as there are channels in and out");
    const ConvolutionGeometry bound = geometry(inputs[0]);
    check_weights(bound, weights, bias);
    return make_convolution_kernel(bound);
}

void Convolution::initialize(const Shape& input, Random random, std::span<float> parameters,
                             std::span<float>) const {
    if (weights.empty())
        draw_weights(geometry(input), 2.0, random, parameters);
    else
        import_weights(geometry(input), weights, bias, parameters);
}

Convolution Convolution::for_inference(const Shape& input, std::span<const float> parameters,
                                       std::span<const float>) const {
    Convolution trained = *this;
    trained.with_bias = true;
    export_weights(geometry(input), parameters, trained.weights, trained.bias);
    return trained;
}

void Convolution::write_onnx(const Shape& input, OnnxNode& node) const {
    node.attributes = {{"group", groups},
                       {"kernel_shape", std::vector{kernel, kernel}},
                       {"pads", std::vector(4, padding)},
                       {"strides", std::vector{stride, stride}}};
    node.tensors = {{"weights", {channels, input.channels / groups, kernel, kernel}, weights},
                    {"bias", {channels}, bias}};
}

void Convolution::read_onnx(const OnnxNode& node) {
    const OnnxTensor& kernels = node.tensor(0, 4);
    *this = {.channels = kernels.shape[0],
             .kernel = node.attribute("kernel_shape"),
             .stride = node.attribute("strides"),
             .padding = node.attribute("pads"),
             .groups = node.attribute("group"),
             .with_bias = true,
             .weights = kernels.values,
             .bias = node.tensor(1, 1).values};
}

void add_convolution(const RecipeLine& line, int groups, NetworkBuilder& builder) {
    builder.add(Convolution{.channels = builder.channels,
                            .kernel = line.kernel,
                            .stride = line.stride,
                            .padding = line.kernel / 2,
                            .groups = groups});
    builder.add(BatchNorm{});
}

std::span<const RecipeWord> Convolution::recipe_words() {
    static constexpr RecipeWord kWords[] = {
        {.word = "conv",
         .numbers = 1,
         .window = true,
         .build =
             [](const RecipeLine& line, NetworkBuilder& builder) {
                 builder.channels = line.count(0, kMaxRecipeChannels);
                 add_convolution(line, 1, builder);
                 builder.add(Relu{});
             }},
        {.word = "depthwise", .window = true, .build = [](const RecipeLine& line, NetworkBuilder& builder) {
             add_convolution(line, builder.channels, builder);
             builder.add(Relu{});
         }}};
    return kWords;
}

}  // namespace emotion::ml
