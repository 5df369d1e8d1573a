#pragma once

#include <chrono>
#include <functional>
#include <thread>

#include "support/catch.hpp"

namespace emotion::test {

/// Fails the test after a minute.
inline void wait_until(const std::function<bool()>& condition) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!condition()) {
        REQUIRE(std::chrono::steady_clock::now() < limit);
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

}  // namespace emotion::test
