#pragma once

// Internal to the library.

#include <cstddef>

#include "ml/core/shape.hpp"

namespace emotion::ml {

/// Where an image of float channels lies: rows of pixels, each `pixel_stride` floats, of which the first
/// `shape.channels` count and the rest are zero; round it `border` rows and columns of zeros.
struct ImageLayout {
    Shape shape;
    int pixel_stride = 0;
    int border = 0;

    std::ptrdiff_t row_stride() const { return std::ptrdiff_t{pixel_stride} * (shape.width + 2 * border); }
    std::size_t floats() const {
        return static_cast<std::size_t>(row_stride()) * (shape.height + 2 * border);
    }
};

struct ImageView {
    ImageLayout layout;
    float* storage = nullptr;  // the border's first pixel

    const Shape& shape() const { return layout.shape; }
    int pixel_stride() const { return layout.pixel_stride; }
    std::ptrdiff_t row_stride() const { return layout.row_stride(); }
    /// From one pixel to another so many rows and columns further.
    std::ptrdiff_t offset(int rows, int columns) const {
        return rows * row_stride() + std::ptrdiff_t{columns} * pixel_stride();
    }
    /// Also for pixels of the border, whose coordinates are negative or past the end.
    float* pixel(int y, int x) const { return storage + offset(y + layout.border, x + layout.border); }
    float* row(int y) const { return pixel(y, 0); }
};

}  // namespace emotion::ml
