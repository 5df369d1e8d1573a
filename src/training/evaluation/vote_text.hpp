#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "training/evaluation/vote_figures.hpp"

namespace emotion::training {

/// The figures for programs; what is undefined is null.
nlohmann::ordered_json to_json(const VoteFigures& figures);
/// The figures for people, as lines of text.
std::string to_text(const VoteFigures& figures);

}  // namespace emotion::training
