#pragma once

#include <functional>
#include <string>
#include <vector>

#include "apps/common/progress.hpp"
#include "apps/trainer/train_command.hpp"
#include "training/fit/cross_validation.hpp"
#include "training/recipe/recipe.hpp"
#include "training/recipe/recipe_values.hpp"

namespace emotion::apps {

/// What the measuring of recipes is given: the pictures as they were loaded, and how a recipe trains on some
/// of them.
struct TrialGround {
    const training::Dataset& data;
    const training::Dataset& validation;
    ThreadPool& threads;
    Progress& progress;
    std::function<training::TrainedModel(const training::Recipe& recipe, const training::Dataset& data)>
        train;
};

/// trainer train --folds: cross-validates the recipe, prints the figures and writes command.json.
void run_folds(const TrainCommand& command, const training::Recipe& recipe, const TrialGround& ground);

/// A recipe with a value for each key that is tried.
struct Candidate {
    std::vector<std::string> values;
    training::Recipe recipe;
};

/// What trainer train --try asks for.
struct Search {
    std::vector<training::Trial> trials;
    std::vector<Candidate> candidates;  ///< every combination of their values; empty: nothing is tried
};

/// Throws ConfigError for trials that are none, for values that make no recipe, and for those that need other
/// pictures than the recipe itself. `file` is the recipe's.
Search plan_search(const std::vector<std::string>& trials, const training::Recipe& recipe,
                   const std::string& file);

/// trainer train --try: measures the candidates, on folds or on the validation pictures, prints them best
/// first, and writes command.json, after each of them, and the best recipe. One that cannot be trained is
/// told on stderr and comes last; Error if none can. Throws ConfigError without folds or such pictures.
void run_search(const TrainCommand& command, const training::Recipe& recipe, Search search,
                const TrialGround& ground);

}  // namespace emotion::apps
