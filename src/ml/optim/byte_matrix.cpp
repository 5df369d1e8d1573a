#include "ml/optim/byte_matrix.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>

namespace emotion::ml {
namespace {

/// Rows processed together, so that the float vector is read once for all of them.
constexpr std::size_t kRowsAtOnce = 4;
/// Words processed between two prefetches.
constexpr int kStrip = 128;

using FourRows = std::array<const std::uint32_t*, kRowsAtOnce>;
using FourFloats = std::array<float, kRowsAtOnce>;

/// Words [first, last) of a row, whose four bytes belong to columns `distance` apart.
struct Strip {
    int first, last, distance;
};

inline float byte_of(std::uint32_t word, int place) {
    return static_cast<float>(static_cast<int>(word >> (8 * place) & 255u));
}

inline float dot(std::uint32_t word, float v0, float v1, float v2, float v3) {
    return v0 * byte_of(word, 0) + v1 * byte_of(word, 1) + v2 * byte_of(word, 2) + v3 * byte_of(word, 3);
}

/// The rows are too short and scattered for the hardware prefetcher.
inline void prefetch(const std::uint32_t* words, int count) {
    constexpr int kCacheLine = 16;
    for (int j = 0; j < count; j += kCacheLine) __builtin_prefetch(words + j, 0, 2);
}

FourFloats multiply_four(const FourRows& rows, const Strip& strip, const float* vector) {
    const int first = strip.first, last = strip.last, distance = strip.distance;
    const float *v0 = vector, *v1 = v0 + distance, *v2 = v1 + distance, *v3 = v2 + distance;
    const std::uint32_t *a = rows[0], *b = rows[1], *c = rows[2], *d = rows[3];
    float sum_a = 0.0f, sum_b = 0.0f, sum_c = 0.0f, sum_d = 0.0f;
#pragma omp simd reduction(+ : sum_a, sum_b, sum_c, sum_d)
    for (int j = first; j < last; ++j) {
        sum_a += dot(a[j], v0[j], v1[j], v2[j], v3[j]);
        sum_b += dot(b[j], v0[j], v1[j], v2[j], v3[j]);
        sum_c += dot(c[j], v0[j], v1[j], v2[j], v3[j]);
        sum_d += dot(d[j], v0[j], v1[j], v2[j], v3[j]);
    }
    return {sum_a, sum_b, sum_c, sum_d};
}

void add_four(const FourRows& rows, const Strip& strip, const FourFloats& factors, float* sum) {
    const int first = strip.first, last = strip.last, distance = strip.distance;
    float *s0 = sum, *s1 = s0 + distance, *s2 = s1 + distance, *s3 = s2 + distance;
    const std::uint32_t *a = rows[0], *b = rows[1], *c = rows[2], *d = rows[3];
    const float fa = factors[0], fb = factors[1], fc = factors[2], fd = factors[3];
    const auto weighted = [&](int j, int place) {
        return fa * byte_of(a[j], place) + fb * byte_of(b[j], place) + fc * byte_of(c[j], place) +
               fd * byte_of(d[j], place);
    };
#pragma omp simd
    for (int j = first; j < last; ++j) {
        s0[j] += weighted(j, 0);
        s1[j] += weighted(j, 1);
        s2[j] += weighted(j, 2);
        s3[j] += weighted(j, 3);
    }
}

void require(bool holds, const char* what, std::size_t given, std::size_t expected) {
    if (!holds)
        throw std::invalid_argument(std::string("ByteMatrix: ") + std::to_string(given) + " " + what +
                                    ", expected " + std::to_string(expected));
}

}  // namespace

/// Up to four rows to process (the last repeated for missing ones) and four to prefetch.
struct ByteMatrix::Group {
    std::size_t count;
    FourRows rows, upcoming;
};

ByteMatrix::Group ByteMatrix::group(std::span<const std::uint32_t> rows, std::size_t first,
                                    std::span<const std::uint32_t> upcoming) const {
    Group group{std::min(kRowsAtOnce, rows.size() - first), {}, {}};
    for (std::size_t i = 0; i < kRowsAtOnce; ++i) {
        group.rows[i] = row(rows[first + std::min(i, group.count - 1)]);
        group.upcoming[i] = first + i < upcoming.size() ? row(upcoming[first + i]) : group.rows[i];
    }
    return group;
}

ByteMatrix::ByteMatrix(std::span<const std::uint8_t> bytes, int columns)
    : columns_(columns), words_((columns + 3) / 4) {
    if (columns < 1 || bytes.size() % static_cast<std::size_t>(columns) != 0)
        throw std::invalid_argument("ByteMatrix: " + std::to_string(bytes.size()) + " bytes in rows of " +
                                    std::to_string(columns));
    rows_ = static_cast<int>(bytes.size() / static_cast<std::size_t>(columns));
    data_ = AlignedArray<std::uint32_t>(static_cast<std::size_t>(rows_) * words_);
    for (int i = 0; i < rows_; ++i)
        for (int j = 0; j < columns_; ++j)
            data_.data()[static_cast<std::size_t>(i) * words_ + j % words_] |=
                std::uint32_t{bytes[static_cast<std::size_t>(i) * columns_ + j]} << (8 * (j / words_));
}

std::uint8_t ByteMatrix::at(int row_index, int column) const {
    return static_cast<std::uint8_t>(row(static_cast<std::uint32_t>(row_index))[column % words_] >>
                                     (8 * (column / words_)));
}

void ByteMatrix::multiply(std::span<const std::uint32_t> rows, std::span<const float> vector,
                          std::span<float> products, std::span<const std::uint32_t> upcoming) const {
    require(vector.size() == static_cast<std::size_t>(padded_columns()), "floats in the vector",
            vector.size(), padded_columns());
    require(products.size() == rows.size(), "products", products.size(), rows.size());
    for (std::size_t first = 0; first < rows.size(); first += kRowsAtOnce) {
        const auto four = group(rows, first, upcoming);
        FourFloats sums{};
        for (int j = 0; j < words_; j += kStrip) {
            const int count = std::min(kStrip, words_ - j);
            prefetch(four.upcoming[0] + j, count);
            prefetch(four.upcoming[1] + j, count);
            const auto part = multiply_four(four.rows, {j, j + count, words_}, vector.data());
            for (std::size_t i = 0; i < kRowsAtOnce; ++i) sums[i] += part[i];
        }
        std::copy_n(sums.begin(), four.count, products.begin() + static_cast<std::ptrdiff_t>(first));
    }
}

void ByteMatrix::add_scaled_rows(std::span<const std::uint32_t> rows, std::span<const float> factors,
                                 std::span<float> sum, std::span<const std::uint32_t> upcoming) const {
    require(sum.size() == static_cast<std::size_t>(padded_columns()), "floats in the sum", sum.size(),
            padded_columns());
    require(factors.size() == rows.size(), "factors", factors.size(), rows.size());
    for (std::size_t first = 0; first < rows.size(); first += kRowsAtOnce) {
        const auto four = group(rows, first, upcoming);
        FourFloats four_factors{};
        std::copy_n(factors.begin() + static_cast<std::ptrdiff_t>(first), four.count, four_factors.begin());
        for (int j = 0; j < words_; j += kStrip) {
            const int count = std::min(kStrip, words_ - j);
            prefetch(four.upcoming[2] + j, count);
            prefetch(four.upcoming[3] + j, count);
            add_four(four.rows, {j, j + count, words_}, four_factors, sum.data());
        }
    }
}

}  // namespace emotion::ml
