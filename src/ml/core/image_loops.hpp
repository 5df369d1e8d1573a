#pragma once

// Internal to the library: loops over the vectors of images. In each call, channels of all images and all
// per-channel arrays are padded to whole vectors.

#include <cstddef>

#include "ml/core/image_view.hpp"
#include "ml/core/vector.hpp"

namespace emotion::ml {

inline Vector positive_part(const Vector& value) {
    return value > 0.0f ? value : Vector{};
}

/// Calls body(y, offset) for each vector of a row of pixels, including padding channels.
template <class Body>
void for_vectors(const ImageView& image, const Body& body) {
    const std::ptrdiff_t floats = std::ptrdiff_t{image.shape().width} * image.pixel_stride();
    for (int y = 0; y < image.shape().height; ++y)
        for (std::ptrdiff_t offset = 0; offset < floats; offset += kVectorWidth) body(y, offset);
}

/// The same with body(y, offset, channel).
template <class Body>
void for_pixel_vectors(const ImageView& image, const Body& body) {
    for (int y = 0; y < image.shape().height; ++y) {
        std::ptrdiff_t offset = 0;
        for (int x = 0; x < image.shape().width; ++x)
            for (int channel = 0; channel < image.pixel_stride();
                 channel += kVectorWidth, offset += kVectorWidth)
                body(y, offset, channel);
    }
}

/// Calls body(channel) for each vector of channels.
template <class Body>
void for_channels(const ImageView& image, const Body& body) {
    for (int channel = 0; channel < image.pixel_stride(); channel += kVectorWidth) body(channel);
}

inline void clear(const ImageView& image) {
    for_vectors(image, [&](int y, std::ptrdiff_t offset) { store(image.row(y) + offset, Vector{}); });
}

/// Copies the pixels of `source` to `target` or, with `add`, adds them.
inline void copy(const ImageView& source, const ImageView& target, bool add) {
    for_vectors(target, [&](int y, std::ptrdiff_t offset) {
        store(target.row(y) + offset, load(source.row(y) + offset), add);
    });
}

}  // namespace emotion::ml
