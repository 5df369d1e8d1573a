#pragma once

// Internal to the library: the inner loops of full convolutions. A tile of adjacent pixels, or of rows of
// weights, by a few vectors of channels stays in registers while it accumulates.

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "ml/layers/convolution_taps.hpp"

namespace emotion::ml {

inline int ceil_divide(int a, int b) {
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

inline std::vector<Stretch> stretches(const std::vector<Tap>& taps, int channels) {
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
inline std::span<const Stretch> inside(std::span<const Stretch> all, int row, int height) {
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

// Weights are read in strides, which hardware prefetchers follow poorly.
inline constexpr int kRowsAhead = 16;

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
            for (int v = 0; v < Vectors; ++v)
                __builtin_prefetch(weights + kRowsAhead * task.weight_stride + v * kVectorWidth);
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

}  // namespace emotion::ml
