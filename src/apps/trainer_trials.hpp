#pragma once

#include <functional>
#include <string>

#include "apps/trainer_commands.hpp"
#include "training/cross_validation.hpp"
#include "training/recipe.hpp"

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

/// trainer train --try: measures every combination of values, on folds or on the validation pictures, prints
/// them best first, and writes command.json and the best recipe. Throws ConfigError for values that make no
/// recipe, or that need other pictures than those loaded, before anything is trained.
void run_search(const TrainCommand& command, const Recipe& recipe, const std::string& recipe_text,
                const TrialGround& ground);

}  // namespace emotion::apps
