#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace emotion::training {

/// A figure with so many digits behind the point; "-" where it is undefined.
std::string figure_text(const std::optional<double>& figure, int digits = 4);

/// The same for programs: a number, or null.
nlohmann::ordered_json figure_json(const std::optional<double>& figure);

/// A file's content. A picture's name may hold any bytes, JSON may not: what is not UTF-8 becomes U+FFFD.
std::string json_text(const nlohmann::ordered_json& json);

}  // namespace emotion::training
