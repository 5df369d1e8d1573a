#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "apps/common/progress.hpp"
#include "apps/trainer/train_command.hpp"
#include "training/fit/cross_validation.hpp"
#include "training/recipe/recipe.hpp"
#include "training/recipe/recipe_values.hpp"

namespace emotion::apps {

/// The context for evaluating recipes: the loaded pictures, and a function that trains by a recipe.
struct TrialContext {
    const training::Dataset& data;
    const training::Dataset& validation;
    ThreadPool& threads;
    Progress& progress;
    std::function<training::TrainedModel(const training::Recipe& recipe, const training::Dataset& data)>
        train;
};

/// trainer train --folds: cross-validates the recipe, prints metrics and writes command.json.
void run_folds(const TrainCommand& command, const training::Recipe& recipe, const TrialContext& context);

/// A recipe with a value for each key under trial.
struct Candidate {
    std::vector<std::string> values;
    training::Recipe recipe;
};

/// The candidates of trainer train --try.
struct Search {
    std::vector<training::Trial> trials;
    std::vector<Candidate> candidates;  ///< all combinations of values; empty: nothing to try
};

/// Throws ConfigError for invalid trials, for values that give no valid recipe, and for those that need other
/// pictures than the recipe. `file` is the recipe's.
Search plan_search(const std::vector<std::string>& trials, const training::Recipe& recipe,
                   const std::string& file);

/// Refuses to write the best recipe to a folder from which its relative paths would name other cards. Throws
/// ConfigError.
void check_best(const std::filesystem::path& best, const Search& search,
                const std::filesystem::path& recipe_file);

/// trainer train --try: evaluates the candidates, on folds or on the validation pictures, prints them best
/// first, and writes command.json, after each of them, and the best recipe. A candidate that cannot be
/// trained is reported on stderr and comes last; throws Error if none can. Throws ConfigError without folds
/// or validation pictures.
void run_search(const TrainCommand& command, const training::Recipe& recipe, Search search,
                const TrialContext& context);

}  // namespace emotion::apps
