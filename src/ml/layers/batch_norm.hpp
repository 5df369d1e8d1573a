#pragma once

#include "ml/layers/convolution.hpp"
#include "ml/layers/layer.hpp"

namespace emotion::ml {

/// Batch normalization over the whole batch (Ioffe and Szegedy, "Batch normalization", 2015). The running
/// statistics move by `momentum` towards each batch's.
struct BatchNorm {
    float momentum = 0.1f, epsilon = 1e-5f;

    static constexpr const char* kName = "batch norm";
    std::unique_ptr<Layer> bind(std::span<const Shape> inputs) const;
    /// `parameters` is (scale, shift) and `statistics` (running mean, running variance), each (2, channels).
    void initialize(const Shape& input, Random random, std::span<float> parameters,
                    std::span<float> statistics) const;
    /// Scale and shift of each channel by itself: a depthwise convolution of 1x1.
    Convolution for_inference(const Shape& input, std::span<const float> parameters,
                              std::span<const float> statistics) const;
};

}  // namespace emotion::ml
