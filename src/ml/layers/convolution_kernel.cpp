#include <algorithm>
#include <vector>

#include "ml/layers/convolution_tiles.hpp"
#include "ml/layers/full_convolution.hpp"
#include "ml/layers/winograd_convolution.hpp"

namespace emotion::ml {

FullConvolution::FullConvolution(const ConvolutionGeometry& geometry)
    : ConvolutionKernel(geometry), padded_in_(padded_to_vector(geometry.in.channels)) {}

void FullConvolution::set_parameters(std::span<const float> weights, std::span<const float>, bool training) {
    const int in = geometry_.in.channels, out = geometry_.out.channels;
    if (weights_.size() == 0)
        weights_ = AlignedFloats(static_cast<std::size_t>(geometry_.rows()) * padded_out());
    for (int row = 0; row < geometry_.rows(); ++row)
        std::copy_n(&weights[static_cast<std::size_t>(row) * out], out, weights_.data() + row * padded_out());
    if (!training) return;
    if (transposed_.size() == 0)
        transposed_ = AlignedFloats(static_cast<std::size_t>(geometry_.taps() * out) * padded_in_);
    for (int tap = 0; tap < geometry_.taps(); ++tap) {
        float* flipped = transposed_.data() + (geometry_.taps() - 1 - tap) * out * padded_in_;
        for (int i = 0; i < in; ++i)
            for (int o = 0; o < out; ++o) flipped[o * padded_in_ + i] = weights[(tap * in + i) * out + o];
    }
}

void FullConvolution::forward(const LayerImages& images) const {
    const ImageView &input = images.inputs[0], &output = images.output;
    const std::vector<Stretch> reads = stretches(forward_taps(geometry_, input), geometry_.in.channels);
    RowTask task{.source_step = std::ptrdiff_t{geometry_.stride} * input.pixel_stride(),
                 .weights = weights_.data(),
                 .weight_stride = padded_out(),
                 .bias = bias(),
                 .target_step = output.pixel_stride()};
    for_row_blocks(padded_out(), geometry_.out.width, [&](auto convolve, int channel) {
        for (int y = 0; y < geometry_.out.height; ++y) {
            task.stretches = inside(reads, y * geometry_.stride, geometry_.in.height);
            task.source = input.row(y * geometry_.stride);
            task.target = output.row(y);
            convolve(task, geometry_.out.width, channel);
        }
    });
}

void FullConvolution::input_gradient(const LayerImages& images, int, const ImageView& gradient,
                                     bool add) const {
    const ImageView& output_gradient = images.output_gradient;
    const int stride = geometry_.stride;
    for_phases(geometry_, [&](int phase_y, int phase_x) {
        const std::vector<Stretch> reads =
            stretches(gradient_taps(geometry_, output_gradient, phase_y, phase_x), geometry_.out.channels);
        const int pixels = ceil_divide(geometry_.in.width - phase_x, stride);
        RowTask task{.source_step = output_gradient.pixel_stride(),
                     .weights = transposed_.data(),
                     .weight_stride = padded_in_,
                     .target_step = std::ptrdiff_t{stride} * gradient.pixel_stride(),
                     .add = add};
        for_row_blocks(padded_in_, pixels, [&](auto convolve, int channel) {
            for (int y = phase_y; y < geometry_.in.height; y += stride) {
                task.stretches = inside(reads, y / stride, geometry_.out.height);
                task.source = output_gradient.row(y / stride);
                task.target = gradient.pixel(y, phase_x);
                convolve(task, pixels, channel);
            }
        });
    });
}

void FullConvolution::weight_gradient(const LayerImages& images, float* gradient, bool add) const {
    const ImageView &input = images.inputs[0], &output_gradient = images.output_gradient;
    const int stride = geometry_.stride;
    OuterTask task{.input_row = stride * input.row_stride(),
                   .input_step = std::ptrdiff_t{stride} * input.pixel_stride(),
                   .gradient_row = output_gradient.row_stride(),
                   .gradient_step = output_gradient.pixel_stride(),
                   .width = geometry_.out.width,
                   .weight_stride = padded_out(),
                   .add = add};
    for (const Stretch& stretch : stretches(forward_taps(geometry_, input), geometry_.in.channels)) {
        // The output rows for which this stretch reads rows of the image.
        const int first = ceil_divide(std::max(0, -stretch.source_row), stride);
        const int end =
            std::min(geometry_.out.height, ceil_divide(geometry_.in.height - stretch.source_row, stride));
        task.height = std::max(0, end - first);
        task.first_input = input.row(first * stride) + stretch.offset;
        task.first_gradient = output_gradient.row(first);
        task.weights = gradient + stretch.first_weights * padded_out();
        for_channel_blocks<2, 1>(padded_out(), [&](int channel, auto vectors) {
            outer_rows<vectors.value>(task, stretch.length, channel);
        });
    }
    if (geometry_.bias) bias_gradient(output_gradient, gradient + (geometry_.rows() - 1) * padded_out(), add);
}

int ConvolutionGeometry::output_gradient_border() const {
    const auto needed = [&](int kernel, int in_side, int out_side) {
        const int before = ceil_divide(kernel - 1 - padding, stride);
        const int after = (in_side - 1 + padding) / stride - (out_side - 1);
        return std::max({0, before, after});
    };
    return std::max(needed(kernel_height, in.height, out.height), needed(kernel_width, in.width, out.width));
}

std::unique_ptr<Layer> make_convolution_kernel(const ConvolutionGeometry& geometry) {
    if (geometry.depthwise) return make_depthwise_kernel(geometry);
    if (std::unique_ptr<Layer> kernel = make_winograd_kernel(geometry)) return kernel;
    return std::make_unique<FullConvolution>(geometry);
}

}  // namespace emotion::ml
