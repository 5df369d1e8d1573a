#pragma once

// Internal to the library: what convolutions and dense layers do alike with their weights. ONNX's are (out,
// in, kernel height, kernel width) beside a bias (out), ours as ConvolutionKernel has them.

#include <span>
#include <vector>

#include "ml/layers/convolution_kernel.hpp"

namespace emotion::ml {

/// Throws std::invalid_argument for other numbers of weights than the geometry asks for, of which none at all
/// is one that is still to learn, and for a geometry that asks for too many.
void check_weights(const ConvolutionGeometry& geometry, std::span<const float> weights,
                   std::span<const float> bias);
/// Normal, of variance gain / fan-in; biases stay zero.
void draw_weights(const ConvolutionGeometry& geometry, double gain, Random random,
                  std::span<float> parameters);
void import_weights(const ConvolutionGeometry& geometry, std::span<const float> weights,
                    std::span<const float> bias, std::span<float> parameters);
/// Where there is no bias it is zero.
void export_weights(const ConvolutionGeometry& geometry, std::span<const float> parameters,
                    std::vector<float>& weights, std::vector<float>& bias);

}  // namespace emotion::ml
