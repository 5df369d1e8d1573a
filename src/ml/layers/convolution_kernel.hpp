#pragma once

// Internal to the library.

#include <cstddef>
#include <memory>
#include <span>

#include "ml/core/aligned_array.hpp"
#include "ml/core/image_view.hpp"
#include "ml/core/vector.hpp"
#include "ml/layers/layer.hpp"

namespace emotion::ml {

struct ConvolutionGeometry {
    Shape in, out;
    int kernel_height = 3, kernel_width = 3, stride = 1, padding = 1;
    bool depthwise = false, bias = false;

    int taps() const { return kernel_height * kernel_width; }
    /// Rows of weights, including a final one for the bias if there is one, each with one weight per output
    /// channel.
    int rows() const { return taps() * (depthwise ? 1 : in.channels) + (bias ? 1 : 0); }
    std::size_t weights() const { return static_cast<std::size_t>(rows()) * out.channels; }
    /// The zero border needed around the gradient with respect to the output; the input needs one of
    /// `padding`.
    int output_gradient_border() const;
};

/// Convolution of one image at a time without im2col: a tile of adjacent output pixels by a few vectors of
/// output channels stays in registers while it accumulates every tap of the kernel, so that arithmetic, not
/// memory, is the limit (Zhang, Franchetti and Low, "High performance zero-memory overhead direct
/// convolutions", 2018). Images must have the borders that the geometry requires.
///
/// Weights are (kernel height, kernel width, in, out), or (kernel height, kernel width, channels) when
/// depthwise, then the bias (out).
class ConvolutionKernel : public Layer {
  public:
    LayerNeeds needs() const override {
        return {.unpadded_input = !geometry_.depthwise,
                .input_border = geometry_.padding,
                .output_gradient_border = geometry_.output_gradient_border(),
                .keeps_output = true};
    }
    LayerParameters parameters() const override {
        const std::size_t bias = geometry_.bias ? geometry_.out.channels : 0;
        return {.weights = geometry_.weights() - bias,
                .others = bias,
                .statistics = 0,
                .gradient_columns = geometry_.out.channels};
    }

  protected:
    explicit ConvolutionKernel(const ConvolutionGeometry& geometry)
        : Layer(geometry.out), geometry_(geometry) {}
    /// The weight gradient has the layout of the weights, with each row padded to whole vectors.
    int padded_out() const { return padded_to_vector(geometry_.out.channels); }

    const ConvolutionGeometry geometry_;
};

std::unique_ptr<Layer> make_convolution_kernel(const ConvolutionGeometry& geometry);
/// For depthwise geometries only.
std::unique_ptr<Layer> make_depthwise_kernel(const ConvolutionGeometry& geometry);

}  // namespace emotion::ml
