#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace emotion {

// Columns of a terminal, which differ from bytes and, for East Asian characters, from characters. Text is
// UTF-8; a byte that is not counts as a column.

/// The number of columns that a text takes: two for wide East Asian characters and emoji, none for combining
/// marks.
std::size_t display_width(std::string_view text);

/// The longest beginning of a text that takes at most `most` columns.
std::string_view display_prefix(std::string_view text, std::size_t most);

/// The text with blanks after it up to `width` columns; a wider one is returned as it is.
std::string left_aligned(std::string_view text, std::size_t width);

/// The same with the blanks before it.
std::string right_aligned(std::string_view text, std::size_t width);

}  // namespace emotion
