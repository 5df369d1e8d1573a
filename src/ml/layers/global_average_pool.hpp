#pragma once

#include "ml/layers/layer.hpp"

namespace emotion::ml {

/// The mean over all pixels of each channel.
struct GlobalAveragePool {
    static constexpr const char* kName = "global average pool";
    static constexpr OnnxForm kOnnx = {"GlobalAveragePool", OnnxForm::Input::kImage};
    static constexpr const char* kRecipeWord = "global_average_pool";
    std::unique_ptr<Layer> bind(std::span<const Shape> inputs) const;
};

}  // namespace emotion::ml
