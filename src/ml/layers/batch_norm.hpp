#pragma once

#include "ml/layers/convolution.hpp"
#include "ml/layers/layer.hpp"

namespace emotion::ml {

/// Batch normalization (Ioffe and Szegedy, "Batch normalization", 2015). Running statistics move toward those
/// of each batch by `momentum`.
struct BatchNorm {
    float momentum = 0.1f, epsilon = 1e-5f;

    static constexpr const char* kName = "batch norm";
    std::unique_ptr<Layer> bind(std::span<const Shape> inputs) const;
    /// `parameters` is (scale, shift) and `statistics` (running mean, running variance), each (2, channels).
    void initialize(const Shape& input, Random random, std::span<float> parameters,
                    std::span<float> statistics) const;
    /// The equivalent scale and shift of each channel as a depthwise 1x1 convolution.
    Convolution for_inference(const Shape& input, std::span<const float> parameters,
                              std::span<const float> statistics) const;
};

}  // namespace emotion::ml
