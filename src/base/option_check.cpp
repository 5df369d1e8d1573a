#include "base/option_check.hpp"

#include "base/error.hpp"
#include "base/formatted.hpp"

namespace emotion {

void check_option(const char* option, double value, bool holds, const char* expected) {
    if (!holds) throw ConfigError(formatted("%s = %g, expected %s", option, value, expected));
}

void check_range(const char* option, double value, double low, double high, const char* what) {
    const bool holds = value >= low && value <= high;  // false for NaN
    check_option(option, value, holds, formatted("%s in [%g, %g]", what, low, high).c_str());
}

}  // namespace emotion
