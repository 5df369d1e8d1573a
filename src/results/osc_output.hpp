#pragma once

#include <string>

namespace emotion::results {

/// Throws ConfigError for a target other than HOST:PORT, and for any target in a build without liblo.
void check_osc_address(const std::string& target);

}  // namespace emotion::results
