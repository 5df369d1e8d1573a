#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace emotion {

/// Makes untrusted text fit for a one-line message: control characters become '?', and text longer than
/// `longest` bytes is cut between two characters and ends in "...".
std::string one_line(std::string_view text, std::size_t longest = 60);

}  // namespace emotion
