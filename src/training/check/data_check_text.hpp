#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "training/check/data_check.hpp"

namespace emotion::training {

/// The findings in machine-readable form; null for what was not checked.
nlohmann::ordered_json to_json(const DataCheck& check);

/// The findings as lines of text with a few examples of each.
std::string to_text(const DataCheck& check);

}  // namespace emotion::training
