#pragma once

// Internal to the library.

#include <memory>

#include "ml/layers/convolution.hpp"

namespace emotion::ml {

/// Each channel by a kernel of its own.
std::unique_ptr<ConvolutionKernel> make_depthwise_kernel(const ConvolutionGeometry& geometry);

}  // namespace emotion::ml
