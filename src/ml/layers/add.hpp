#pragma once

#include "ml/layers/layer.hpp"

namespace emotion::ml {

/// The sum of its two inputs, of equal shapes.
struct Add {
    static constexpr const char* kName = "add";
    static constexpr std::size_t kInputs = 2;
    static constexpr OnnxForm kOnnx = {"Add", OnnxForm::Input::kAny};
    std::unique_ptr<Layer> bind(std::span<const Shape> inputs) const;
    static std::span<const RecipeWord> recipe_words();
};

}  // namespace emotion::ml
