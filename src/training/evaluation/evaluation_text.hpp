#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "training/evaluation/evaluation.hpp"

namespace emotion::training {

/// The figures for programs; what is undefined is null.
nlohmann::ordered_json to_json(const Evaluation& evaluation);

/// The figures for people, as lines of text; shares come with their 95 % intervals.
std::string to_text(const Evaluation& evaluation);

}  // namespace emotion::training
