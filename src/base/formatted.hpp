#pragma once

#include <string>

namespace emotion {

/// printf into a string, cut off after 511 bytes.
[[gnu::format(printf, 1, 2)]] std::string formatted(const char* format, ...);

}  // namespace emotion
