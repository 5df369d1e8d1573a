#pragma once

namespace emotion {

/// Throws ConfigError "option = value, expected <expected>" unless `holds`.
void check_option(const char* option, double value, bool holds, const char* expected);
/// The same for a value that must lie in [low, high]; `what` names the kind of value in the message.
void check_range(const char* option, double value, double low, double high, const char* what = "a number");

}  // namespace emotion
