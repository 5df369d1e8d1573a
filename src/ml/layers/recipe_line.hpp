#pragma once

// Internal to the library: the notation of layers in recipes.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace emotion::ml {

/// A parsed recipe line, such as "conv 24 5x5 /2".
struct RecipeLine {
    /// Throws std::invalid_argument quoting the line.
    explicit RecipeLine(const std::string& text);

    /// An integer in [1, max]; throws std::invalid_argument otherwise.
    int count(std::size_t place, int max) const;
    float number(std::size_t place) const;

    std::string text, word;
    std::vector<std::string> numbers;
    int kernel = 3, stride = 1;
    bool has_window = false;  // whether the line gives either
};

struct NetworkBuilder;

/// The first word of a line, and the layers it appends.
struct RecipeWord {
    std::string_view word;
    std::size_t numbers = 0;  ///< of numbers following the word
    bool window = false;      ///< whether a kernel and a stride may follow
    void (*build)(const RecipeLine& line, NetworkBuilder& builder) = nullptr;
};

}  // namespace emotion::ml
