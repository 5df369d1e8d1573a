#pragma once

#include <string>

#include "ml/core/api.hpp"

namespace emotion::ml {

/// Limits for untrusted networks: numbers in a tensor of weights or activations (still countable by an int
/// once channels are padded to whole vectors), and sides and strides of windows.
inline constexpr int kMaxNumbers = (1 << 27) - 1, kLargestWindow = 1 << 13;

/// The shape of an image or of a layer's output.
struct Shape {
    int channels = 1, height = 1, width = 1;
    bool operator==(const Shape&) const = default;
};

/// As shown in messages: "16x25x25".
EMOTION_ML_API std::string text(const Shape& shape);

/// A double, because the product of untrusted sides can overflow integers.
inline double element_count(const Shape& shape) {
    return double{1} * shape.channels * shape.height * shape.width;
}

/// The output shape of a window moved over an image. Throws std::invalid_argument if the window does not fit.
Shape windowed(const Shape& input, int size, int stride, int padding);

}  // namespace emotion::ml
