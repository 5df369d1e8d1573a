#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace emotion {

/// What others wrote, made fit for one line of a message: control characters become '?', and what is longer
/// than `longest` bytes is cut between two characters and ends in "...".
std::string one_line(std::string_view text, std::size_t longest = 60);

}  // namespace emotion
