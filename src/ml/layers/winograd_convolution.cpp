#include "ml/layers/winograd_convolution.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "ml/layers/convolution_tiles.hpp"
#include "ml/layers/full_convolution.hpp"

namespace emotion::ml {
namespace {

template <std::size_t Rows, std::size_t Columns>
using Matrix = std::array<std::array<float, Columns>, Rows>;

template <std::size_t Rows, std::size_t Columns>
constexpr Matrix<Columns, Rows> transposed(const Matrix<Rows, Columns>& matrix) {
    Matrix<Columns, Rows> result{};
    for (std::size_t row = 0; row < Rows; ++row)
        for (std::size_t column = 0; column < Columns; ++column) result[column][row] = matrix[row][column];
    return result;
}

// F(m x m, 3x3) computes m x m outputs from (m + 2) x (m + 2) inputs: with B, G and A of the paper,
//
//     output = A^T [(G kernel G^T) * (B^T input B)] A,
//
// where * multiplies element by element. Lavin and Gray's matrices, whose points are 0, 1, -1 and, for m = 4,
// 2 and -2.
template <int Outputs>
struct Filtering;

template <>
struct Filtering<2> {
    static constexpr Matrix<4, 4> kInput{{{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1}}};
    static constexpr Matrix<4, 3> kKernel{{{1, 0, 0}, {0.5f, 0.5f, 0.5f}, {0.5f, -0.5f, 0.5f}, {0, 0, 1}}};
    static constexpr Matrix<2, 4> kOutput{{{1, 1, 1, 0}, {0, 1, -1, -1}}};
};

template <>
struct Filtering<4> {
    static constexpr Matrix<6, 6> kInput{{{4, 0, -5, 0, 1, 0},
                                          {0, -4, -4, 1, 1, 0},
                                          {0, 4, -4, -1, 1, 0},
                                          {0, -2, -1, 2, 1, 0},
                                          {0, 2, -1, -2, 1, 0},
                                          {0, 4, 0, -5, 0, 1}}};
    static constexpr Matrix<6, 3> kKernel{{{1.0f / 4, 0, 0},
                                           {-1.0f / 6, -1.0f / 6, -1.0f / 6},
                                           {-1.0f / 6, 1.0f / 6, -1.0f / 6},
                                           {1.0f / 24, 1.0f / 12, 1.0f / 6},
                                           {1.0f / 24, -1.0f / 12, 1.0f / 6},
                                           {0, 0, 1}}};
    static constexpr Matrix<4, 6> kOutput{
        {{1, 1, 1, 1, 1, 0}, {0, 1, -1, 2, -2, 0}, {0, 1, 1, 4, 4, 0}, {0, 1, -1, 8, -8, 1}}};
};

template <int Outputs>
constexpr auto kOutputTransposed = transposed(Filtering<Outputs>::kOutput);
template <int Outputs>
constexpr auto kKernelTransposed = transposed(Filtering<Outputs>::kKernel);

template <const auto& matrix>
inline constexpr int kRows = static_cast<int>(matrix.size());
template <const auto& matrix>
inline constexpr int kColumns = static_cast<int>(matrix[0].size());

// The product of a row of the matrix with a column of vectors. Zeros and ones cost nothing.
template <const auto& matrix, int row>
Vector product(const Vector* column) {
    return [&]<std::size_t... k>(std::index_sequence<k...>) {
        Vector sum{};
        const auto add = [&]<std::size_t index>() {
            constexpr float factor = matrix[row][index];
            if constexpr (factor == 1)
                sum += column[index];
            else if constexpr (factor == -1)
                sum -= column[index];
            else if constexpr (factor != 0)
                sum += factor * column[index];
        };
        (add.template operator()<k>(), ...);
        return sum;
    }
    (std::make_index_sequence<kColumns<matrix>>());
}

// Calls write(row, column, element) for the elements of matrix * patch * matrix^T, where read(row, column)
// are those of the patch.
template <const auto& matrix, class Read, class Write>
void transform(const Read& read, const Write& write) {
    constexpr int kSide = kColumns<matrix>;
    [&]<int... rows>(std::integer_sequence<int, rows...>) {
        Vector half[kRows<matrix>][kSide];
        for (int column = 0; column < kSide; ++column) {
            Vector values[kSide];
            for (int row = 0; row < kSide; ++row) values[row] = read(row, column);
            ((half[rows][column] = product<matrix, rows>(values)), ...);
        }
        for (int row = 0; row < kRows<matrix>; ++row)
            (write(row, rows, product<matrix, rows>(half[row])), ...);
    }
    (std::make_integer_sequence<int, kRows<matrix>>());
}

// Memory of this thread for intermediate results, valid until the next call.
float* scratch(std::ptrdiff_t count) {
    thread_local AlignedFloats memory;
    const auto floats = static_cast<std::size_t>(count);
    if (memory.size() < floats) memory = AlignedFloats(floats);
    return memory.data();
}

// Some rows of the tiles that cover an image.
struct Tiles {
    int step = 0;  // pixels from one tile to the next
    int first_row = 0, end_row = 0, columns = 0;

    int count() const { return (end_row - first_row) * columns; }
};

// Transforms the pixels of each tile, whose first is `offset` rows and columns from the tile's place, to
// numbers (elements of the transform, tiles, padded channels). Pixels beyond the image and its border are
// zero.
template <const auto& matrix>
void transform_tiles(const ImageView& image, int offset, const Tiles& tiles, float* to) {
    constexpr int kSide = kColumns<matrix>;
    const int channels = image.pixel_stride(), border = image.layout.border;
    const int bottom = image.shape().height + border, right = image.shape().width + border;
    const std::ptrdiff_t plane = std::ptrdiff_t{tiles.count()} * channels;
    for (int row = tiles.first_row; row < tiles.end_row; ++row)
        for (int column = 0; column < tiles.columns; ++column) {
            const int y = row * tiles.step + offset, x = column * tiles.step + offset;
            const int height = std::min(kSide, bottom - y), width = std::min(kSide, right - x);
            const float* from = image.pixel(y, x);
            for (int channel = 0; channel < channels; channel += kVectorWidth, to += kVectorWidth) {
                const auto write = [&](int i, int j, const Vector& value) {
                    store(to + (i * kRows<matrix> + j) * plane, value);
                };
                if (height == kSide && width == kSide)
                    transform<matrix>([&](int i, int j) { return load(from + image.offset(i, j) + channel); },
                                      write);
                else
                    transform<matrix>(
                        [&](int i, int j) {
                            return i < height && j < width ? load(from + image.offset(i, j) + channel)
                                                           : Vector{};
                        },
                        write);
            }
        }
}

template <int Outputs>
class WinogradConvolution : public FullConvolution {
    using F = Filtering<Outputs>;
    static constexpr int kInputs = Outputs + 2, kElements = kInputs * kInputs;
    // So that the transforms of a strip of tiles stay in the cache.
    static constexpr int kTilesAtOnce = 28;

  public:
    explicit WinogradConvolution(const ConvolutionGeometry& geometry)
        : FullConvolution(geometry),
          rows_(ceil_divide(geometry.out.height, Outputs)),
          columns_(ceil_divide(geometry.out.width, Outputs)) {}

    LayerNeeds needs() const override {
        LayerNeeds needs = FullConvolution::needs();
        needs.unpadded_input = false;
        return needs;
    }

    void set_parameters(std::span<const float> parameters, std::span<const float> statistics,
                        bool training) override {
        FullConvolution::set_parameters(parameters, statistics, training);
        transform_kernels(weights(), geometry_.in.channels, padded_out(), forward_);
        if (training) transform_kernels(transposed(), geometry_.out.channels, padded_in(), backward_);
    }

    void forward(const LayerImages& images) const override {
        filter(images.inputs[0], forward_, bias(), images.output, false);
    }

    // The convolution of the gradient with the transposed kernels.
    void input_gradient(const LayerImages& images, int, const ImageView& gradient, bool add) const override {
        filter(images.output_gradient, backward_, nullptr, gradient, add);
    }

    // kernel gradient = G^T [(B^T input B) * (A output gradient A^T)] G, summed over the tiles.
    void weight_gradient(const LayerImages& images, float* gradient, bool add) const override {
        if constexpr (Outputs == 2)  // too few multiplications are saved to pay for the transforms
            return FullConvolution::weight_gradient(images, gradient, add);
        const Tiles tiles{Outputs, 0, rows_, columns_};
        const int in = geometry_.in.channels, out = padded_out();
        constexpr int kRowsAtOnce = 4 * kLargestTile<2>;
        const std::ptrdiff_t input_plane = std::ptrdiff_t{tiles.count()} * padded_in();
        const std::ptrdiff_t gradient_plane = std::ptrdiff_t{tiles.count()} * out;
        const std::ptrdiff_t most_products = std::ptrdiff_t{kRowsAtOnce} * out;
        float* inputs = scratch(kElements * (input_plane + gradient_plane + most_products));
        float* gradients = inputs + kElements * input_plane;
        float* products = gradients + kElements * gradient_plane;
        transform_tiles<F::kInput>(images.inputs[0], -1, tiles, inputs);
        transform_tiles<kOutputTransposed<Outputs>>(images.output_gradient, 0, tiles, gradients);
        for (int first = 0; first < in; first += kRowsAtOnce) {
            const int count = std::min(kRowsAtOnce, in - first);
            const std::ptrdiff_t product_plane = std::ptrdiff_t{count} * out;
            for (int element = 0; element < kElements; ++element) {
                const OuterTask task{.first_input = inputs + element * input_plane + first,
                                     .input_step = padded_in(),
                                     .first_gradient = gradients + element * gradient_plane,
                                     .gradient_step = out,
                                     .height = 1,
                                     .width = tiles.count(),
                                     .weights = products + element * product_plane,
                                     .weight_stride = out};
                for_channel_blocks<2, 1>(
                    out, [&](int channel, auto vectors) { outer_rows<vectors.value>(task, count, channel); });
            }
            for (std::ptrdiff_t at = 0; at < product_plane; at += kVectorWidth)
                transform<kKernelTransposed<Outputs>>(
                    [&](int i, int j) { return load(products + (i * kInputs + j) * product_plane + at); },
                    [&](int i, int j, const Vector& value) {
                        store(gradient + ((i * 3 + j) * std::ptrdiff_t{in} + first) * out + at, value, add);
                    });
        }
        if (geometry_.bias)
            bias_gradient(images.output_gradient, gradient + (geometry_.rows() - 1) * padded_out(), add);
    }

  private:
    // From (3, 3, from, padded to) to (elements, from, padded to).
    static void transform_kernels(const float* kernels, int from, int padded_to, AlignedFloats& to) {
        const std::ptrdiff_t plane = std::ptrdiff_t{from} * padded_to;
        if (to.size() == 0) to = AlignedFloats(static_cast<std::size_t>(kElements * plane));
        for (std::ptrdiff_t at = 0; at < plane; at += kVectorWidth)
            transform<F::kKernel>([&](int i, int j) { return load(kernels + (i * 3 + j) * plane + at); },
                                  [&](int i, int j, const Vector& value) {
                                      store(to.data() + (i * kInputs + j) * plane + at, value);
                                  });
    }

    void filter(const ImageView& source, const AlignedFloats& kernels, const float* bias,
                const ImageView& target, bool add) const {
        const int from = source.pixel_stride(), to = target.pixel_stride();
        const auto kernel_plane = static_cast<std::ptrdiff_t>(kernels.size()) / kElements;
        const Stretch all{.length = static_cast<int>(kernel_plane / to)};
        Tiles tiles{Outputs, 0, std::min(rows_, std::max(1, kTilesAtOnce / columns_)), columns_};
        const int rows_at_once = tiles.end_row;
        float* inputs = scratch(std::ptrdiff_t{kElements} * tiles.count() * (from + to));
        for (; tiles.first_row < rows_; tiles.first_row = tiles.end_row) {
            tiles.end_row = std::min(rows_, tiles.first_row + rows_at_once);
            const std::ptrdiff_t input_plane = std::ptrdiff_t{tiles.count()} * from;
            const std::ptrdiff_t output_plane = std::ptrdiff_t{tiles.count()} * to;
            float* outputs = inputs + kElements * input_plane;
            transform_tiles<F::kInput>(source, -1, tiles, inputs);
            for (int element = 0; element < kElements; ++element) {
                const RowTask task{.source = inputs + element * input_plane,
                                   .source_step = from,
                                   .stretches = {&all, 1},
                                   .weights = kernels.data() + element * kernel_plane,
                                   .weight_stride = to,
                                   .target = outputs + element * output_plane,
                                   .target_step = to};
                for_row_blocks(to, tiles.count(),
                               [&](auto convolve, int channel) { convolve(task, tiles.count(), channel); });
            }
            write_tiles(outputs, tiles, bias, target, add);
        }
    }

    static void write_tiles(const float* from, const Tiles& tiles, const float* bias, const ImageView& target,
                            bool add) {
        const int channels = target.pixel_stride();
        const std::ptrdiff_t plane = std::ptrdiff_t{tiles.count()} * channels;
        for (int row = tiles.first_row; row < tiles.end_row; ++row)
            for (int column = 0; column < tiles.columns; ++column) {
                const int y = row * Outputs, x = column * Outputs;
                const int height = std::min(Outputs, target.shape().height - y);
                const int width = std::min(Outputs, target.shape().width - x);
                float* to = target.pixel(y, x);
                for (int channel = 0; channel < channels; channel += kVectorWidth, from += kVectorWidth) {
                    const Vector shift = bias ? load(bias + channel) : Vector{};
                    transform<F::kOutput>(
                        [&](int i, int j) { return load(from + (i * kInputs + j) * plane); },
                        [&](int i, int j, const Vector& value) {
                            if (i < height && j < width)
                                store(to + target.offset(i, j) + channel, value + shift, add);
                        });
                }
            }
    }

    int rows_, columns_;                // of tiles
    AlignedFloats forward_, backward_;  // transformed kernels
};

// Multiplications for each pair of channels.
int multiplications(const ConvolutionGeometry& geometry, int outputs) {
    return ceil_divide(geometry.out.height, outputs) * ceil_divide(geometry.out.width, outputs) *
           (outputs + 2) * (outputs + 2);
}

}  // namespace

std::unique_ptr<Layer> make_winograd_kernel(const ConvolutionGeometry& geometry) {
    // Fewer channels or pixels do not pay for the transforms, and more kernels leave the cache.
    constexpr int kFewestChannels = 16, kShortestSide = 4;
    constexpr std::size_t kMostKernels = std::size_t{1} << 19;
    const bool fits = geometry.kernel_height == 3 && geometry.kernel_width == 3 && geometry.stride == 1 &&
                      geometry.padding == 1 && !geometry.depthwise &&
                      std::min(geometry.in.channels, geometry.out.channels) >= kFewestChannels &&
                      std::min(geometry.out.height, geometry.out.width) >= kShortestSide;
    const int outputs = multiplications(geometry, 4) < multiplications(geometry, 2) ? 4 : 2;
    const std::size_t kernels =
        std::size_t{1} * (outputs + 2) * (outputs + 2) * geometry.in.channels * geometry.out.channels;
    if (!fits || kernels > kMostKernels) return nullptr;
    if (outputs == 4) return std::make_unique<WinogradConvolution<4>>(geometry);
    return std::make_unique<WinogradConvolution<2>>(geometry);
}

}  // namespace emotion::ml
