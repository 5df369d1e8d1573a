#include "ml/layers/convolution_taps.hpp"

namespace emotion::ml {

std::vector<Tap> forward_taps(const ConvolutionGeometry& geometry, const ImageView& input) {
    std::vector<Tap> taps;
    for (int y = 0; y < geometry.kernel_height; ++y)
        for (int x = 0; x < geometry.kernel_width; ++x) {
            const int row = y - geometry.padding, column = x - geometry.padding;
            taps.push_back({y * geometry.kernel_width + x, row, input.offset(row, column)});
        }
    return taps;
}

std::vector<Tap> gradient_taps(const ConvolutionGeometry& geometry, const ImageView& output_gradient,
                               int phase_y, int phase_x) {
    const int stride = geometry.stride;
    std::vector<Tap> taps;
    for (int y = geometry.kernel_height - 1; y >= 0; --y)
        for (int x = geometry.kernel_width - 1; x >= 0; --x) {
            const int shift_y = phase_y + geometry.padding - y, shift_x = phase_x + geometry.padding - x;
            if (shift_y % stride != 0 || shift_x % stride != 0) continue;
            const int row = shift_y / stride, column = shift_x / stride;
            taps.push_back({geometry.taps() - 1 - (y * geometry.kernel_width + x), row,
                            output_gradient.offset(row, column)});
        }
    return taps;
}

void bias_gradient(const ImageView& output_gradient, float* gradient, bool add) {
    const Shape& shape = output_gradient.shape();
    for (int channel = 0; channel < padded_to_vector(shape.channels); channel += kVectorWidth) {
        Vector sum = {};
        for (int y = 0; y < shape.height; ++y)
            for (int x = 0; x < shape.width; ++x) sum += load(output_gradient.pixel(y, x) + channel);
        store(gradient + channel, sum, add);
    }
}

}  // namespace emotion::ml
