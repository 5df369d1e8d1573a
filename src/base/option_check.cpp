#include "base/option_check.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace emotion {

void check_option(const char* option, double value, bool holds, const char* expected) {
    if (!holds) throw ConfigError(fmt::format("{} = {:g}, expected {}", option, value, expected));
}

}  // namespace emotion
