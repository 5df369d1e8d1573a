#pragma once

#include <string>
#include <vector>

namespace emotion::training {

/// The way from the top of a recipe to the key that `key` means, as with_recipe_value() finds it.
std::string recipe_value_path(const std::string& recipe, const std::string& name, const std::string& key);

/// A recipe's text with another value for one key, everything else as it was, comments too. `key` is a name
/// that only one key of the recipe has (l2), or its way from the top (logistic.l2). `name` stands for the
/// file in errors. Throws ConfigError for a key that the recipe does not give, or that stands for several,
/// naming those there are; for a key with a section below it; and for a value of several lines.
std::string with_recipe_value(const std::string& recipe, const std::string& name, const std::string& key,
                              const std::string& value);

/// One key with the values to be tried, as the command line gives them.
struct Trial {
    std::string key;
    std::vector<std::string> values;
};
/// Of "key=a,b,c". Throws ConfigError for anything else.
Trial parse_trial(const std::string& text);

/// Every combination of the trials' values, the last trial's changing fastest: one value for each trial.
/// Throws ConfigError for more than ten thousand, before it makes any.
std::vector<std::vector<std::string>> combinations(const std::vector<Trial>& trials);

}  // namespace emotion::training
