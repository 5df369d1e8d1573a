#include "base/option_check.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace emotion {

void check_option(const char* option, double value, bool holds, const char* expected) {
    if (!holds) throw ConfigError(fmt::format("{} = {:g}, expected {}", option, value, expected));
}

void check_range(const char* option, double value, double low, double high, const char* what) {
    const bool holds = value >= low && value <= high;  // false for NaN
    check_option(option, value, holds, fmt::format("{} in [{:g}, {:g}]", what, low, high).c_str());
}

}  // namespace emotion
