#pragma once

#include <string>
#include <vector>

namespace emotion::training {

/// The full path of the key that `key` refers to; see with_recipe_value().
std::string recipe_value_path(const std::string& recipe, const std::string& name, const std::string& key);

/// The text of a recipe with the value of one key replaced, leaving everything else unchanged, including
/// comments. `key` is the unambiguous name of a key (l2) or its full path (logistic.l2). `name` stands for
/// the file in errors. Throws ConfigError for a key that is missing or ambiguous, listing candidates; for a
/// key that contains a section; and for a value of several lines.
std::string with_recipe_value(const std::string& recipe, const std::string& name, const std::string& key,
                              const std::string& value);

/// A key with the values to try, from the command line.
struct Trial {
    std::string key;
    std::vector<std::string> values;
};
/// Parses "key=a,b,c", where a value may be a list, "key=[1,2],3". Throws ConfigError for anything else.
Trial parse_trial(const std::string& text);

/// All combinations of the trials' values, the last trial varying fastest: one value per trial. Throws
/// ConfigError for more than ten thousand.
std::vector<std::vector<std::string>> combinations(const std::vector<Trial>& trials);

}  // namespace emotion::training
