#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "training/evaluation/vote_figures.hpp"

namespace emotion::training {

/// Machine-readable; undefined values are null.
nlohmann::ordered_json to_json(const VoteFigures& figures);
/// As lines of text.
std::string to_text(const VoteFigures& figures);

}  // namespace emotion::training
