#pragma once

// Internal to the library: how layers are written down in a recipe.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace emotion::ml {

/// A line of a recipe, taken apart: "conv 24 5x5 /2".
struct RecipeLine {
    /// Throws std::invalid_argument that quotes the line.
    explicit RecipeLine(const std::string& text);

    /// A whole number in [1, most]; throws std::invalid_argument otherwise.
    int count(std::size_t place, int most) const;
    float number(std::size_t place) const;

    std::string text, word;
    std::vector<std::string> numbers;
    int kernel = 3, stride = 1;
    bool has_window = false;  // whether the line names one of them
};

struct NetworkBuilder;

/// What begins a line, and which layers are appended for it.
struct RecipeWord {
    std::string_view word;
    std::size_t numbers = 0;  ///< that follow it
    bool window = false;      ///< whether kernel and stride may
    void (*build)(const RecipeLine& line, NetworkBuilder& builder) = nullptr;
};

}  // namespace emotion::ml
