#pragma once

#include <cstddef>
#include <string>

namespace emotion {

/// "1 name", "7 names"; for words whose plural takes an s.
inline std::string counted(std::size_t count, const std::string& one) {
    return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

}  // namespace emotion
