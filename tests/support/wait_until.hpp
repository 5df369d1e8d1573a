#pragma once

#include <chrono>
#include <functional>
#include <thread>

#include "support/catch.hpp"

namespace emotion::test {

/// Fails the test after five minutes, which only what never comes takes: a start with sanitizers on a machine
/// that is busy otherwise may take one.
inline void wait_until(const std::function<bool()>& condition) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::minutes(5);
    while (!condition()) {
        REQUIRE(std::chrono::steady_clock::now() < limit);
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

}  // namespace emotion::test
