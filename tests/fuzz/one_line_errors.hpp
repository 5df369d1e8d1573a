#pragma once

#include <cstdlib>
#include <iostream>
#include <string>

#include "base/error.hpp"

namespace emotion {

/// Runs `read` on possibly damaged input. It may throw a one-line Error that names the input; any other
/// exception is a crash.
template <typename Read>
void expect_result_or_one_line(const std::string& name, const Read& read) {
    try {
        read();
    } catch (const Error& error) {
        const std::string message = error.what();
        if (message.find('\n') == std::string::npos && message.find(name) != std::string::npos) return;
        std::cerr << "not one line that names " << name << ": " << message << '\n';
        std::abort();
    }
}

/// Aborts if something written does not read back the same.
inline void expect(bool holds, const char* what) {
    if (holds) return;
    std::cerr << what << '\n';
    std::abort();
}

}  // namespace emotion
