#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "apps/trainer_commands.hpp"
#include "training/cross_validation.hpp"
#include "training/recipe.hpp"
#include "training/recipe_values.hpp"

namespace emotion::apps {

/// What the measuring of recipes is given: the pictures as they were loaded, and how a recipe trains on some
/// of them.
struct TrialGround {
    const Dataset& data;
    const Dataset& validation;
    ThreadPool& threads;
    std::function<TrainedModel(const Recipe& recipe, const Dataset& data)> train;
};

/// trainer train --folds: cross-validates the recipe, prints the figures and writes command.json.
void run_folds(const TrainCommand& command, const Recipe& recipe, const TrialGround& ground);

/// A recipe with a value for each key that is tried.
struct Candidate {
    std::vector<std::string> values;
    std::string text;  ///< of its file
    Recipe recipe;
};

/// What trainer train --try asks for.
struct Search {
    std::vector<Trial> trials;
    std::vector<Candidate> candidates;  ///< every combination of their values; empty: nothing is tried
};

/// Throws ConfigError for trials that are none, for values that make no recipe, and for those that need other
/// pictures than the recipe itself.
Search plan_search(const std::vector<std::string>& trials, const Recipe& recipe,
                   const std::filesystem::path& recipe_file);

/// trainer train --try: measures the candidates, on folds or on the validation pictures, prints them best
/// first, and writes command.json and the best recipe. What --init decides is taken from `recipe`. Throws
/// ConfigError without folds or such pictures.
void run_search(const TrainCommand& command, const Recipe& recipe, Search search, const TrialGround& ground);

}  // namespace emotion::apps
