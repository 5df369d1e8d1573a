#pragma once

// Internal to the library.

#include <cstddef>

#include "ml/core/shape.hpp"

namespace emotion::ml {

/// The memory layout of a float image: rows of pixels of `pixel_stride` floats each, of which the first
/// `shape.channels` are used and the rest are zero, surrounded by `border` rows and columns of zeros.
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
    float* storage = nullptr;  // the first pixel of the border

    const Shape& shape() const { return layout.shape; }
    int pixel_stride() const { return layout.pixel_stride; }
    std::ptrdiff_t row_stride() const { return layout.row_stride(); }
    /// The distance in floats between pixels so many rows and columns apart.
    std::ptrdiff_t offset(int rows, int columns) const {
        return rows * row_stride() + std::ptrdiff_t{columns} * pixel_stride();
    }
    /// Border pixels have coordinates that are negative or beyond the shape.
    float* pixel(int y, int x) const { return storage + offset(y + layout.border, x + layout.border); }
    float* row(int y) const { return pixel(y, 0); }
};

}  // namespace emotion::ml
