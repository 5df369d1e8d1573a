#pragma once

#include "ml/layers/layer.hpp"

namespace emotion::ml {

/// Average pooling per channel; windows that would overhang the edge are omitted.
struct AveragePool {
    int size = 2, stride = 2;

    static constexpr const char* kName = "average pool";
    static constexpr OnnxForm kOnnx = {"AveragePool", OnnxForm::Input::kImage};
    static constexpr const char* kRecipeWord = "average_pool";
    std::unique_ptr<Layer> bind(std::span<const Shape> inputs) const;
    void write_onnx(const Shape& input, OnnxNode& node) const;
    void read_onnx(const OnnxNode& node);
};

// Internal to the library.

/// Averages windows of height x width pixels at distance `stride`.
std::unique_ptr<Layer> make_average_pooling(const Shape& output, int height, int width, int stride);

}  // namespace emotion::ml
