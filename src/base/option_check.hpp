#pragma once

namespace emotion {

/// Throws ConfigError "option = value, expected <expected>" unless `holds`.
void check_option(const char* option, double value, bool holds, const char* expected);

}  // namespace emotion
