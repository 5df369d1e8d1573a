#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "training/evaluation/evaluation.hpp"

namespace emotion::training {

/// Machine-readable; undefined values are null.
nlohmann::ordered_json to_json(const Evaluation& evaluation);

/// As lines of text; proportions have 95 % intervals.
std::string to_text(const Evaluation& evaluation);

}  // namespace emotion::training
