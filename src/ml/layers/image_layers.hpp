#pragma once

// Internal to the library: the layers without weights of their own, on one image. A gradient function writes
// the gradient with respect to its layer's input, or with `add` adds it to what is there. All images of one
// call have channels padded to whole vectors; arrays for each channel are padded likewise.

#include "base/random.hpp"
#include "ml/core/image_view.hpp"

namespace emotion::ml {

/// From (channels, height, width).
void read_planes(const float* planes, const ImageView& image);

/// max(0, x), number by number.
void relu(const ImageView& input, const ImageView& output);
/// Passes where the output is above zero.
void relu_gradient(const ImageView& output, const ImageView& output_gradient, const ImageView& gradient,
                   bool add);

/// left + right, followed by a ReLU if asked for.
void add(const ImageView& left, const ImageView& right, bool with_relu, const ImageView& output);
/// The source's pixels for the target's or, with `add`, added to them.
void copy(const ImageView& source, const ImageView& target, bool add);

/// Windows that would overhang the edge are left out.
void max_pool(const ImageView& input, int size, int stride, const ImageView& output);
/// The first of equal pixels gets the gradient.
void max_pool_gradient(const ImageView& input, const ImageView& output, int size, int stride,
                       const ImageView& output_gradient, const ImageView& gradient, bool add);

/// Of a pooling, in pixels.
struct Window {
    int height = 2, width = 2, stride = 2;
};
/// The mean of each window; those that would overhang the edge are left out.
void average_pool(const ImageView& input, const Window& window, const ImageView& output);
/// Each pixel of a window gets an equal share.
void average_pool_gradient(const Window& window, const ImageView& output_gradient, const ImageView& gradient,
                           bool add);

/// Its own gradient too, with a generator in the same state.
void dropout(const ImageView& input, float rate, Random random, const ImageView& output, bool add);

/// Each channel's mean, and its sum of squared deviations from it.
void channel_moments(const ImageView& image, float* mean, float* squares);

/// output = scale * input + shift, followed by a ReLU if asked for.
void normalize(const ImageView& input, const float* scale, const float* shift, bool with_relu,
               const ImageView& output);
/// Takes the ReLU out of the gradient, in place, and gives each channel's sum of it and of it times (input -
/// mean).
void normalize_gradient_sums(const ImageView& input, const float* mean, const float* scale,
                             const float* shift, bool with_relu, const ImageView& output_gradient, float* sum,
                             float* sum_times_centered);
/// gradient = of_gradient * output_gradient + of_input * (input - mean) + constant.
void normalize_gradient(const ImageView& output_gradient, const ImageView& input, const float* mean,
                        const float* of_gradient, const float* of_input, const float* constant,
                        const ImageView& gradient, bool add);

}  // namespace emotion::ml
