#pragma once

// Internal to the library: shared by full and depthwise convolutions.

#include <algorithm>
#include <cstddef>
#include <vector>

#include "ml/layers/convolution_kernel.hpp"

namespace emotion::ml {

/// A tap of the kernel: the offset of the pixel it reads from the output pixel's place in the input.
struct Tap {
    int index = 0, row = 0;
    std::ptrdiff_t offset = 0;
};

std::vector<Tap> forward_taps(const ConvolutionGeometry& geometry, const ImageView& input);
/// The taps through which all input pixels (stride * y + phase_y, stride * x + phase_x) get their gradient
/// from output pixels, relative to (y, x). Last tap first, so that rows ascend; transposed weights are stored
/// in that order.
std::vector<Tap> gradient_taps(const ConvolutionGeometry& geometry, const ImageView& output_gradient,
                               int phase_y, int phase_x);

/// Calls body(phase_y, phase_x) for each phase that contains pixels.
template <class Body>
void for_phases(const ConvolutionGeometry& geometry, const Body& body) {
    for (int y = 0; y < std::min(geometry.stride, geometry.in.height); ++y)
        for (int x = 0; x < std::min(geometry.stride, geometry.in.width); ++x) body(y, x);
}

void bias_gradient(const ImageView& output_gradient, float* gradient, bool add);

}  // namespace emotion::ml
