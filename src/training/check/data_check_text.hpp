#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "training/check/data_check.hpp"

namespace emotion::training {

/// Everything found, for programs; what was not looked for is null.
nlohmann::ordered_json to_json(const DataCheck& check);

/// The findings for people, as lines of text with a few examples of each.
std::string to_text(const DataCheck& check);

}  // namespace emotion::training
