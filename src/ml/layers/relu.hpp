#pragma once

#include "ml/layers/layer.hpp"

namespace emotion::ml {

/// max(0, x), element-wise.
struct Relu {
    static constexpr const char* kName = "relu";
    static constexpr OnnxForm kOnnx = {"Relu", OnnxForm::Input::kAny};
    std::unique_ptr<Layer> bind(std::span<const Shape> inputs) const;
};

// Internal to the library: for layers that apply a ReLU themselves.

/// Passes the gradient on where the output is positive.
void relu_gradient(const ImageView& output, const ImageView& output_gradient, const ImageView& gradient,
                   bool add);

}  // namespace emotion::ml
