#include "ml/layers/dense.hpp"

#include <stdexcept>

#include "ml/layers/convolution_weights.hpp"

namespace emotion::ml {
namespace {

// A convolution whose kernel is as large as the image.
ConvolutionGeometry dense_geometry(const Shape& input, int outputs) {
    return {.in = input,
            .out = {outputs, 1, 1},
            .kernel_height = input.height,
            .kernel_width = input.width,
            .stride = 1,
            .padding = 0,
            .depthwise = false,
            .bias = true};
}

}  // namespace

std::unique_ptr<Layer> Dense::bind(std::span<const Shape> inputs) const {
    if (outputs < 1) throw std::invalid_argument("needs at least one output");
    const ConvolutionGeometry bound = dense_geometry(inputs[0], outputs);
    check_weights(bound, weights, bias);
    return make_convolution_kernel(bound);
}

void Dense::initialize(const Shape& input, Random random, std::span<float> parameters,
                       std::span<float>) const {
    if (weights.empty())
        draw_weights(dense_geometry(input, outputs), 1.0, random, parameters);
    else
        import_weights(dense_geometry(input, outputs), weights, bias, parameters);
}

Dense Dense::for_inference(const Shape& input, std::span<const float> parameters,
                           std::span<const float>) const {
    Dense trained{outputs};
    export_weights(dense_geometry(input, outputs), parameters, trained.weights, trained.bias);
    return trained;
}

void Dense::write_onnx(const Shape& input, OnnxNode& node) const {
    node.attributes = {{"transB", 1}};  // OpenCV 4.6 reads a Gemm with a bias only in this form
    node.tensors = {{"weights", {outputs, static_cast<int>(element_count(input))}, weights},
                    {"bias", {outputs}, bias}};
}

void Dense::read_onnx(const OnnxNode& node) {
    const OnnxTensor& matrix = node.tensor(0, 2);
    *this = {matrix.shape[0], matrix.values, node.tensor(1, 1).values};
}

}  // namespace emotion::ml
