#pragma once

#include <cstdlib>
#include <iostream>
#include <string>

#include "base/error.hpp"

namespace emotion {

/// Runs `read` on what may be damaged. It may throw an Error of one line that names the input; whatever else
/// it throws is a crash.
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

/// Ends the run where what was written does not read back as what it was written from.
inline void expect(bool holds, const char* what) {
    if (holds) return;
    std::cerr << what << '\n';
    std::abort();
}

}  // namespace emotion
