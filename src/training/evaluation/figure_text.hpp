#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace emotion::training {

/// A value with this many decimals; "-" if undefined.
std::string figure_text(const std::optional<double>& figure, int digits = 4);

/// A share in [0, 1] in whole percent: "64 %".
std::string percent_text(double share);

/// A number, or null if undefined.
nlohmann::ordered_json figure_json(const std::optional<double>& figure);

/// The text of a JSON file. Names of pictures may contain any bytes: invalid UTF-8 becomes U+FFFD.
std::string json_text(const nlohmann::ordered_json& json);

}  // namespace emotion::training
