#pragma once

// Internal to the library: weights of convolutions and dense layers. ONNX's layout is (out, in, kernel
// height, kernel width) with a separate bias (out); ours is that of ConvolutionKernel.

#include <span>
#include <vector>

#include "ml/layers/convolution_kernel.hpp"

namespace emotion::ml {

/// Throws std::invalid_argument for a number of weights that does not fit the geometry (none means
/// untrained), or for a geometry that needs too many.
void check_weights(const ConvolutionGeometry& geometry, std::span<const float> weights,
                   std::span<const float> bias);
/// Draws weights from a normal distribution of variance gain / fan-in; biases stay zero.
void draw_weights(const ConvolutionGeometry& geometry, double gain, Random random,
                  std::span<float> parameters);
void import_weights(const ConvolutionGeometry& geometry, std::span<const float> weights,
                    std::span<const float> bias, std::span<float> parameters);
/// A missing bias is exported as zero.
void export_weights(const ConvolutionGeometry& geometry, std::span<const float> parameters,
                    std::vector<float>& weights, std::vector<float>& bias);

}  // namespace emotion::ml
