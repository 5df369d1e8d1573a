#pragma once

namespace emotion {

/// For structs of options that know their own limits: unless `holds`, throws ConfigError
/// "option = value, expected <expected>".
void check_option(const char* option, double value, bool holds, const char* expected);
/// The same for what must lie in [low, high]; `what` says in the error what it is.
void check_range(const char* option, double value, double low, double high, const char* what = "a number");

}  // namespace emotion
