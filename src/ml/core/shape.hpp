#pragma once

#include <string>

#include "ml/core/api.hpp"

namespace emotion::ml {

/// Limits on what others may ask for: how many numbers a tensor of weights or of activations holds (with its
/// channels rounded up to whole vectors they can still be counted by an int), and the sides and strides of
/// windows.
inline constexpr int kMostNumbers = (1 << 27) - 1, kLargestWindow = 1 << 13;

/// Of an image, or of what a layer makes of it.
struct Shape {
    int channels = 1, height = 1, width = 1;
    bool operator==(const Shape&) const = default;
};

/// As messages have it: "16x25x25".
EMOTION_ML_API std::string text(const Shape& shape);

/// A double, as the product of hostile sides could be anything.
inline double numbers_in(const Shape& shape) {
    return double{1} * shape.channels * shape.height * shape.width;
}

/// Of what comes of windows moved over an image. Throws std::invalid_argument if none fits.
Shape windowed(const Shape& input, int size, int stride, int padding);

}  // namespace emotion::ml
