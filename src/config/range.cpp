#include "config/range.hpp"

#include <fmt/format.h>

namespace emotion::config {

bool Range::contains(double value) const {
    const bool above = least_excluded ? value > least : value >= least;
    const bool below = most_excluded ? value < most : value <= most;
    return above && below;
}

std::string Range::text() const {
    return fmt::format("{}{}, {}{}", least_excluded ? '(' : '[', least, most, most_excluded ? ')' : ']');
}

}  // namespace emotion::config
