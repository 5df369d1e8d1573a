#pragma once

#include <string>

namespace emotion::results {

/// Throws ConfigError for a target that is not HOST:PORT, and for any in a build without liblo.
void check_osc_address(const std::string& target);

}  // namespace emotion::results
