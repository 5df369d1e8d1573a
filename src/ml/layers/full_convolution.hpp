#pragma once

// Internal to the library.

#include <span>

#include "ml/layers/convolution_kernel.hpp"

namespace emotion::ml {

/// A convolution that is not depthwise.
class FullConvolution : public ConvolutionKernel {
  public:
    explicit FullConvolution(const ConvolutionGeometry& geometry);

    void set_parameters(std::span<const float> weights, std::span<const float> statistics,
                        bool training) override;
    void forward(const LayerImages& images) const override;
    void input_gradient(const LayerImages& images, int input, const ImageView& gradient,
                        bool add) const override;
    void weight_gradient(const LayerImages& images, float* gradient, bool add) const override;

  protected:
    int padded_in() const { return padded_in_; }
    /// (kernel height, kernel width, in, padded out), then the bias.
    const float* weights() const { return weights_.data(); }
    /// Null without a bias.
    const float* bias() const {
        return geometry_.bias ? weights() + (geometry_.rows() - 1) * padded_out() : nullptr;
    }
    /// (kernel height, kernel width, out, padded in), last tap first; set for training only.
    const float* transposed() const { return transposed_.data(); }

  private:
    int padded_in_;
    AlignedFloats weights_, transposed_;
};

}  // namespace emotion::ml
