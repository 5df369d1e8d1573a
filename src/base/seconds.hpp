#pragma once

#include <chrono>

namespace emotion {

/// Seconds from `start` to `end`.
inline double seconds_between(std::chrono::steady_clock::time_point start,
                              std::chrono::steady_clock::time_point end) {
    return std::chrono::duration<double>(end - start).count();
}

/// Seconds from `start` until now.
inline double seconds_since(std::chrono::steady_clock::time_point start) {
    return seconds_between(start, std::chrono::steady_clock::now());
}

}  // namespace emotion
