#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace emotion {

/// A figure with so many digits behind the point; "-" where it is undefined.
std::string figure_text(const std::optional<double>& figure, int digits = 4);

/// The same for programs: a number, or null.
nlohmann::ordered_json figure_json(const std::optional<double>& figure);

}  // namespace emotion
