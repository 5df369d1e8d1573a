#include "ml/layers/convolution_kernel.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "ml/layers/convolution_taps.hpp"

namespace emotion::ml {
namespace {

int ceil_divide(int a, int b) {
    return (a + b - 1) / b;
}

// The sums of a tile, the vectors they are computed from and one spare fit into the registers.
template <int Vectors>
inline constexpr int kLargestTile = (kVectorRegisters - Vectors - 1) / Vectors;

// Calls body(first channel, vectors) for as many channel blocks of the first size as fit, then of the next.
template <int... Vectors, class Body>
void for_channel_blocks(int padded_channels, const Body& body) {
    int channel = 0;
    const auto blocks_of = [&](auto vectors) {
        for (; channel + vectors.value * kVectorWidth <= padded_channels;
             channel += vectors.value * kVectorWidth)
            body(channel, vectors);
    };
    (blocks_of(std::integral_constant<int, Vectors>()), ...);
}

// Covers [0, length) with tiles of nearly equal size; tiles[n - 1] handles n at a time.
template <std::size_t Largest, class Tile, class Task>
void for_tiles(const std::array<Tile, Largest>& tiles, int length, const Task& task, int first_channel) {
    const int count = ceil_divide(length, static_cast<int>(Largest));
    for (int tile = 0; tile < count; ++tile) {
        const int begin = length * tile / count, end = length * (tile + 1) / count;
        tiles[static_cast<std::size_t>(end - begin - 1)](task, begin, first_channel);
    }
}

// Inputs contiguous in memory that meet consecutive rows of weights: the channels of one tap, or of a row of
// taps where pixels are adjacent without padding.
struct Stretch {
    int source_row = 0;  // relative to the output pixel's own
    std::ptrdiff_t offset = 0;
    int length = 0, first_weights = 0;
};

std::vector<Stretch> stretches(const std::vector<Tap>& taps, int channels) {
    std::vector<Stretch> result;
    for (const Tap& tap : taps) {
        const Stretch next{tap.row, tap.offset, channels, tap.index * channels};
        if (!result.empty() && result.back().source_row == next.source_row &&
            result.back().offset + result.back().length == next.offset &&
            result.back().first_weights + result.back().length == next.first_weights)
            result.back().length += next.length;
        else
            result.push_back(next);
    }
    return result;
}

// The stretches that read rows of the image, rather than the zero border, at output row `row`.
std::span<const Stretch> inside(std::span<const Stretch> all, int row, int height) {
    while (!all.empty() && row + all.front().source_row < 0) all = all.subspan(1);
    while (!all.empty() && row + all.back().source_row >= height) all = all.first(all.size() - 1);
    return all;
}

// target[pixel][channel] = bias[channel] + sum over rows of source[pixel][row] * weights[row][channel].
struct RowTask {
    const float* source = nullptr;
    std::ptrdiff_t source_step = 0;  // from one pixel to the next
    std::span<const Stretch> stretches = {};
    const float* weights = nullptr;
    std::ptrdiff_t weight_stride = 0;
    const float* bias = nullptr;
    float* target = nullptr;
    std::ptrdiff_t target_step = 0;
    bool add = false;
};

// The loops over Pixels and Vectors are unrolled to keep `sum` in registers.
template <int Pixels, int Vectors>
void convolve_tile(const RowTask& task, int first_pixel, int first_channel) {
    Vector sum[Pixels][Vectors] = {};
    const std::ptrdiff_t step = task.source_step;
    for (const Stretch& stretch : task.stretches) {
        const float* weights = task.weights + stretch.first_weights * task.weight_stride + first_channel;
        // One pointer per four pixels: x86 addressing reaches the other three by scaling `step`.
        const float* sources[(Pixels + 3) / 4];
        for (int four = 0; four < (Pixels + 3) / 4; ++four)
            sources[four] = task.source + stretch.offset + (first_pixel + 4 * four) * step;
#pragma GCC unroll 2
        for (int i = 0; i < stretch.length; ++i, weights += task.weight_stride) {
            Vector weight[Vectors];
#pragma GCC unroll 32
            for (int v = 0; v < Vectors; ++v) weight[v] = load(weights + v * kVectorWidth);
#pragma GCC unroll 32
            for (int p = 0; p < Pixels; ++p) {
                const float source = sources[p / 4][(p % 4) * step + i];
#pragma GCC unroll 32
                for (int v = 0; v < Vectors; ++v) sum[p][v] += source * weight[v];
            }
        }
    }
    float* target = task.target + first_pixel * task.target_step + first_channel;
#pragma GCC unroll 32
    for (int v = 0; v < Vectors; ++v) {
        const Vector bias = task.bias ? load(task.bias + first_channel + v * kVectorWidth) : Vector{};
#pragma GCC unroll 32
        for (int p = 0; p < Pixels; ++p)
            store(target + p * task.target_step + v * kVectorWidth, sum[p][v] + bias, task.add);
    }
}

template <int Vectors>
void convolve_row(const RowTask& task, int pixels, int first_channel) {
    static constexpr auto tiles = []<int... Sizes>(std::integer_sequence<int, Sizes...>) {
        return std::array{&convolve_tile<Sizes + 1, Vectors>...};
    }
    (std::make_integer_sequence<int, kLargestTile<Vectors>>());
    for_tiles(tiles, pixels, task, first_channel);
}

// Calls body(convolve, first channel) for blocks of channels, where convolve is the function for a row of
// pixels. Blocks are as large as one tile per row allows, because each row reads all weights of the block.
template <class Body>
void for_row_blocks(int padded_channels, int pixels, const Body& body) {
    const auto block = [&](int channel, auto vectors) { body(convolve_row<vectors.value>, channel); };
    if (pixels <= kLargestTile<4>)
        for_channel_blocks<4, 2, 1>(padded_channels, block);
    else
        for_channel_blocks<2, 1>(padded_channels, block);
}

// weights[row][channel] = sum over pixels of input[pixel][row] * gradient[pixel][channel].
struct OuterTask {
    const float* first_input = nullptr;
    std::ptrdiff_t input_row = 0, input_step = 0;
    const float* first_gradient = nullptr;
    std::ptrdiff_t gradient_row = 0, gradient_step = 0;
    int height = 0, width = 0;
    float* weights = nullptr;
    std::ptrdiff_t weight_stride = 0;
    bool add = false;
};

template <int Rows, int Vectors>
void outer_tile(const OuterTask& task, int first_row, int first_channel) {
    Vector sum[Rows][Vectors] = {};
    for (int y = 0; y < task.height; ++y) {
        const float* input = task.first_input + y * task.input_row + first_row;
        const float* gradients = task.first_gradient + y * task.gradient_row + first_channel;
        for (int x = 0; x < task.width; ++x, input += task.input_step, gradients += task.gradient_step) {
            Vector gradient[Vectors];
#pragma GCC unroll 32
            for (int v = 0; v < Vectors; ++v) gradient[v] = load(gradients + v * kVectorWidth);
#pragma GCC unroll 32
            for (int r = 0; r < Rows; ++r)
#pragma GCC unroll 32
                for (int v = 0; v < Vectors; ++v) sum[r][v] += input[r] * gradient[v];
        }
    }
    float* weights = task.weights + first_row * task.weight_stride + first_channel;
#pragma GCC unroll 32
    for (int r = 0; r < Rows; ++r)
#pragma GCC unroll 32
        for (int v = 0; v < Vectors; ++v)
            store(weights + r * task.weight_stride + v * kVectorWidth, sum[r][v], task.add);
}

template <int Vectors>
void outer_rows(const OuterTask& task, int rows, int first_channel) {
    static constexpr auto tiles = []<int... Sizes>(std::integer_sequence<int, Sizes...>) {
        return std::array{&outer_tile<Sizes + 1, Vectors>...};
    }
    (std::make_integer_sequence<int, kLargestTile<Vectors>>());
    for_tiles(tiles, rows, task, first_channel);
}

class FullConvolution : public ConvolutionKernel {
  public:
    explicit FullConvolution(const ConvolutionGeometry& geometry)
        : ConvolutionKernel(geometry), padded_in_(padded_to_vector(geometry.in.channels)) {}

    void set_parameters(std::span<const float> weights, std::span<const float>, bool training) override {
        const int in = geometry_.in.channels, out = geometry_.out.channels;
        if (weights_.size() == 0)
            weights_ = AlignedFloats(static_cast<std::size_t>(geometry_.rows()) * padded_out());
        for (int row = 0; row < geometry_.rows(); ++row)
            std::copy_n(&weights[static_cast<std::size_t>(row) * out], out,
                        weights_.data() + row * padded_out());
        if (!training) return;
        if (transposed_.size() == 0)
            transposed_ = AlignedFloats(static_cast<std::size_t>(geometry_.taps() * out) * padded_in_);
        for (int tap = 0; tap < geometry_.taps(); ++tap) {
            float* flipped = transposed_.data() + (geometry_.taps() - 1 - tap) * out * padded_in_;
            for (int i = 0; i < in; ++i)
                for (int o = 0; o < out; ++o) flipped[o * padded_in_ + i] = weights[(tap * in + i) * out + o];
        }
    }

    void forward(const LayerImages& images) const override {
        const ImageView &input = images.inputs[0], &output = images.output;
        const std::vector<Stretch> reads = stretches(forward_taps(geometry_, input), geometry_.in.channels);
        RowTask task{
            .source_step = std::ptrdiff_t{geometry_.stride} * input.pixel_stride(),
            .weights = weights_.data(),
            .weight_stride = padded_out(),
            .bias = geometry_.bias ? weights_.data() + (geometry_.rows() - 1) * padded_out() : nullptr,
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

    void input_gradient(const LayerImages& images, int, const ImageView& gradient, bool add) const override {
        const ImageView& output_gradient = images.output_gradient;
        const int stride = geometry_.stride;
        for_phases(geometry_, [&](int phase_y, int phase_x) {
            const std::vector<Stretch> reads = stretches(
                gradient_taps(geometry_, output_gradient, phase_y, phase_x), geometry_.out.channels);
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

    void weight_gradient(const LayerImages& images, float* gradient, bool add) const override {
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
        if (geometry_.bias)
            bias_gradient(output_gradient, gradient + (geometry_.rows() - 1) * padded_out(), add);
    }

  private:
    int padded_in_;
    AlignedFloats weights_;     // (kernel height, kernel width, in, padded out), then the bias
    AlignedFloats transposed_;  // (kernel height, kernel width, out, padded in), last tap first
};

}  // namespace

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
    return std::make_unique<FullConvolution>(geometry);
}

}  // namespace emotion::ml
