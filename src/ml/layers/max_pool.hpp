#pragma once

#include "ml/layers/layer.hpp"

namespace emotion::ml {

/// Max pooling per channel; windows that would overhang the edge are omitted.
struct MaxPool {
    int size = 2, stride = 2;

    static constexpr const char* kName = "max pool";
    static constexpr OnnxForm kOnnx = {"MaxPool", OnnxForm::Input::kImage};
    static constexpr const char* kRecipeWord = "max_pool";
    std::unique_ptr<Layer> bind(std::span<const Shape> inputs) const;
    void write_onnx(const Shape& input, OnnxNode& node) const;
    void read_onnx(const OnnxNode& node);
};

}  // namespace emotion::ml
