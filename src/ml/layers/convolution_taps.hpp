#pragma once

// Internal to the library: what full and depthwise convolutions have in common.

#include <algorithm>
#include <cstddef>
#include <vector>

#include "ml/layers/convolution_kernel.hpp"

namespace emotion::ml {

/// One tap of the kernel: which pixel it reads, seen from the output pixel's own place in the input.
struct Tap {
    int index = 0, row = 0;
    std::ptrdiff_t offset = 0;
};

std::vector<Tap> forward_taps(const ConvolutionGeometry& geometry, const ImageView& input);
/// Input pixels (stride * y + phase_y, stride * x + phase_x) all get their gradient through the same taps,
/// from output pixels seen from (y, x). The last tap comes first, so that rows ascend; transposed weights are
/// stored in that order.
std::vector<Tap> gradient_taps(const ConvolutionGeometry& geometry, const ImageView& output_gradient,
                               int phase_y, int phase_x);

/// Calls body(phase_y, phase_x) for each phase that has pixels.
template <class Body>
void for_phases(const ConvolutionGeometry& geometry, const Body& body) {
    for (int y = 0; y < std::min(geometry.stride, geometry.in.height); ++y)
        for (int x = 0; x < std::min(geometry.stride, geometry.in.width); ++x) body(y, x);
}

void bias_gradient(const ImageView& output_gradient, float* gradient, bool add);

}  // namespace emotion::ml
