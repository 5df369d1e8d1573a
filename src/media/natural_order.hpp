#pragma once

#include <string_view>

namespace emotion::media {

/// Orders names as people do: "9.png" before "10.png", by the value of the numbers in them.
bool natural_less(std::string_view a, std::string_view b);

}  // namespace emotion::media
