#include <algorithm>
#include <cstddef>
#include <vector>

#include "ml/layers/convolution_taps.hpp"

namespace emotion::ml {
namespace {

class DepthwiseConvolution : public ConvolutionKernel {
  public:
    explicit DepthwiseConvolution(const ConvolutionGeometry& geometry) : ConvolutionKernel(geometry) {}

    void set_parameters(std::span<const float> weights, std::span<const float>, bool) override {
        const int channels = geometry_.out.channels;
        if (weights_.size() == 0) {
            weights_ = AlignedFloats(static_cast<std::size_t>(geometry_.taps()) * padded_out());
            bias_ = AlignedFloats(static_cast<std::size_t>(padded_out()));
        }
        for (int row = 0; row < geometry_.rows(); ++row)
            std::copy_n(&weights[static_cast<std::size_t>(row) * channels], channels,
                        (row < geometry_.taps() ? weights_.data() + row * padded_out() : bias_.data()));
    }

    void forward(const LayerImages& images) const override {
        const ImageView &input = images.inputs[0], &output = images.output;
        const std::vector<Tap> taps = forward_taps(geometry_, input);
        for (int y = 0; y < geometry_.out.height; ++y)
            for (int x = 0; x < geometry_.out.width; ++x) {
                const float* source = input.pixel(y * geometry_.stride, x * geometry_.stride);
                float* target = output.pixel(y, x);
                for (int channel = 0; channel < padded_out(); channel += kVectorWidth) {
                    Vector sum = load(bias_.data() + channel);
                    for (const Tap& tap : taps)
                        sum += load(source + tap.offset + channel) *
                               load(weights_.data() + tap.index * padded_out() + channel);
                    store(target + channel, sum);
                }
            }
    }

    void input_gradient(const LayerImages& images, int, const ImageView& gradient, bool add) const override {
        const ImageView& output_gradient = images.output_gradient;
        const int stride = geometry_.stride, last = geometry_.taps() - 1;
        for_phases(geometry_, [&](int phase_y, int phase_x) {
            const std::vector<Tap> taps = gradient_taps(geometry_, output_gradient, phase_y, phase_x);
            for (int y = phase_y; y < geometry_.in.height; y += stride)
                for (int x = phase_x; x < geometry_.in.width; x += stride) {
                    const float* source = output_gradient.pixel(y / stride, x / stride);
                    float* target = gradient.pixel(y, x);
                    for (int channel = 0; channel < padded_out(); channel += kVectorWidth) {
                        Vector sum = {};
                        for (const Tap& tap : taps)
                            sum += load(source + tap.offset + channel) *
                                   load(weights_.data() + (last - tap.index) * padded_out() + channel);
                        store(target + channel, sum, add);
                    }
                }
        });
    }

    void weight_gradient(const LayerImages& images, float* gradient, bool add) const override {
        const ImageView &input = images.inputs[0], &output_gradient = images.output_gradient;
        for (const Tap& tap : forward_taps(geometry_, input))
            for (int channel = 0; channel < padded_out(); channel += kVectorWidth) {
                Vector sum = {};
                for (int y = 0; y < geometry_.out.height; ++y) {
                    const float* source = input.row(y * geometry_.stride) + tap.offset + channel;
                    const float* gradients = output_gradient.row(y) + channel;
                    for (int x = 0; x < geometry_.out.width; ++x)
                        sum += load(source + std::ptrdiff_t{x} * geometry_.stride * input.pixel_stride()) *
                               load(gradients + std::ptrdiff_t{x} * output_gradient.pixel_stride());
                }
                store(gradient + tap.index * padded_out() + channel, sum, add);
            }
        if (geometry_.bias) bias_gradient(output_gradient, gradient + geometry_.taps() * padded_out(), add);
    }

  private:
    AlignedFloats weights_;  // (kernel height, kernel width, padded channels)
    AlignedFloats bias_;     // (padded channels)
};

}  // namespace

std::unique_ptr<Layer> make_depthwise_kernel(const ConvolutionGeometry& geometry) {
    return std::make_unique<DepthwiseConvolution>(geometry);
}

}  // namespace emotion::ml
