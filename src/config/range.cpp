#include "config/range.hpp"

#include <fmt/format.h>

namespace emotion::config {

bool Range::contains(double value) const {
    const bool above = min_excluded ? value > min : value >= min;
    const bool below = max_excluded ? value < max : value <= max;
    return above && below;
}

std::string Range::text() const {
    return fmt::format("{}{}, {}{}", min_excluded ? '(' : '[', min, max, max_excluded ? ')' : ']');
}

}  // namespace emotion::config
