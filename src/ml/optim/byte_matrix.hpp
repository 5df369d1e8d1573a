#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "ml/core/aligned_array.hpp"
#include "ml/core/api.hpp"

namespace emotion::ml {

/// Rows of bytes (pictures) against which float vectors are multiplied: a quarter of the memory traffic of
/// floats, an eighth of doubles. Safe to share between threads.
///
/// Four bytes travel in one 32-bit word: word j of a row holds the columns j, j + words, j + 2 words and
/// j + 3 words, so that shifting and masking a vector of words gives neighbouring columns. Compilers make
/// full-width vector code of that for every processor, which they do not of widening bytes to floats.
class EMOTION_ML_API ByteMatrix {
  public:
    /// `bytes` is (rows, columns), row by row; throws std::invalid_argument if its size is no multiple of
    /// columns.
    ByteMatrix(std::span<const std::uint8_t> bytes, int columns);

    int rows() const { return rows_; }
    int columns() const { return columns_; }
    /// The columns rounded up to a multiple of four; the bytes beyond `columns` are 0.
    int padded_columns() const { return 4 * words_; }
    std::uint8_t at(int row, int column) const;

    /// products[i] = row rows[i] times `vector` (padded_columns() floats), in single precision. `upcoming`
    /// names rows that will be wanted next: half of them are fetched from memory meanwhile, the other half by
    /// add_scaled_rows().
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
