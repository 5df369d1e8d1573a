#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace emotion {

/// The beginning of a UTF-8 text, at most `most` bytes long and cut between two characters.
std::string_view utf8_prefix(std::string_view text, std::size_t most);

/// The index of the first byte that is not part of UTF-8 (RFC 3629); the text's size if there is none.
std::size_t invalid_utf8_at(std::string_view text);

/// The text with U+FFFD in place of each byte that is not part of UTF-8.
std::string valid_utf8(std::string_view text);

/// Makes untrusted text fit for a one-line message: control characters become '?', and text longer than
/// `longest` bytes is cut between two characters and ends in "...".
std::string one_line(std::string_view text, std::size_t longest = 60);

/// The text with its ASCII letters in lower case, in any locale.
std::string lower_case(std::string_view text);

}  // namespace emotion
