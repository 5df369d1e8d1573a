#pragma once

#include <string>

namespace emotion {

/// Numbers and texts in a format of printf; cut after 511 bytes.
[[gnu::format(printf, 1, 2)]] std::string formatted(const char* format, ...);

}  // namespace emotion
