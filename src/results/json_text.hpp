#pragma once

#include <cmath>
#include <string>

#include <nlohmann/json.hpp>

namespace emotion::results {

using Json = nlohmann::ordered_json;

/// Rounds so that few decimals are printed: 0.93f alone would give 0.9300000071525574.
inline double rounded(double value, double steps_per_unit) {
    return std::round(value * steps_per_unit) / steps_per_unit;
}

/// Seconds rounded to milliseconds.
inline double milliseconds(double seconds) {
    return rounded(seconds, 1e3);
}

/// JSON in one line. File names may contain any bytes, JSON must be UTF-8: other bytes are replaced.
inline std::string json_text(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace emotion::results
