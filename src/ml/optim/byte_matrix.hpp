#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "ml/core/aligned_array.hpp"
#include "ml/core/api.hpp"

namespace emotion::ml {

/// A matrix of bytes (a picture per row) for products with float vectors: a quarter of the memory traffic of
/// floats, an eighth of doubles. Safe to share between threads.
///
/// Four bytes are packed into a 32-bit word: word j of a row holds the columns j, j + words, j + 2 words and
/// j + 3 words, so that shifting and masking a vector of words yields adjacent columns. Compilers vectorize
/// this at full width on every processor, unlike widening bytes to floats.
class EMOTION_ML_API ByteMatrix {
  public:
    /// `bytes` is (rows, columns), row by row; throws std::invalid_argument if its size is not a multiple of
    /// `columns`.
    ByteMatrix(std::span<const std::uint8_t> bytes, int columns);

    int rows() const { return rows_; }
    int columns() const { return columns_; }
    /// Columns rounded up to a multiple of four; the bytes beyond `columns` are 0.
    int padded_columns() const { return 4 * words_; }
    std::uint8_t at(int row, int column) const;

    /// products[i] = row rows[i] times `vector` (padded_columns() floats), in single precision. `upcoming`
    /// names the rows needed next: half are prefetched here, the other half by add_scaled_rows().
    void multiply(std::span<const std::uint32_t> rows, std::span<const float> vector,
                  std::span<float> products, std::span<const std::uint32_t> upcoming = {}) const;
    /// sum (padded_columns() floats) += factors[i] times row rows[i], for all i.
    void add_scaled_rows(std::span<const std::uint32_t> rows, std::span<const float> factors,
                         std::span<float> sum, std::span<const std::uint32_t> upcoming = {}) const;

  private:
    struct Group;

    Group group(std::span<const std::uint32_t> rows, std::size_t first,
                std::span<const std::uint32_t> upcoming) const;
    const std::uint32_t* row(std::uint32_t index) const { return data_.data() + std::size_t{index} * words_; }

    int rows_, columns_, words_;
    AlignedArray<std::uint32_t> data_;
};

}  // namespace emotion::ml
