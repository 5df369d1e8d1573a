#pragma once

#include "ml/layers/layer.hpp"

namespace emotion::ml {

/// Zeroes activations with probability `rate` while training and scales the others by 1/(1-rate).
struct Dropout {
    float rate = 0.0f;

    static constexpr const char* kName = "dropout";
    std::unique_ptr<Layer> bind(std::span<const Shape> inputs) const;
    static std::span<const RecipeWord> recipe_words();
    std::nullopt_t for_inference(const Shape& /*input*/, std::span<const float> /*parameters*/,
                                 std::span<const float> /*statistics*/) const {
        return std::nullopt;
    }
};

}  // namespace emotion::ml
