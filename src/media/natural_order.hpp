#pragma once

#include <string_view>

namespace emotion::media {

/// Natural order: "9.png" before "10.png", comparing numbers by value.
bool natural_less(std::string_view a, std::string_view b);

}  // namespace emotion::media
