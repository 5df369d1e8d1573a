#include "training/recipe/recipe_values.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/one_line.hpp"
#include "config/yaml_map.hpp"
#include "config/yaml_tree.hpp"

namespace emotion::training {
namespace {

struct Place {
    std::string path;  ///< from the root
    const config::YamlNode* node;
};

void list_places(const config::YamlNode& node, const std::string& path, std::vector<Place>& places) {
    if (node.kind != config::YamlNode::Kind::kMap) return;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        const auto below = path.empty() ? node.keys[i] : path + "." + node.keys[i];
        places.push_back({below, &node.items[i]});
        list_places(node.items[i], below, places);
    }
}

bool means(const std::string& key, const std::string& path) {
    return path == key || (path.size() > key.size() && path.ends_with("." + key));
}

const Place& find_place(const std::vector<Place>& places, const std::string& name, const std::string& key) {
    const Place* found = nullptr;
    std::string several, known;
    for (const auto& place : places) {
        if (place.node->kind == config::YamlNode::Kind::kMap) continue;
        known += (known.empty() ? "" : ", ") + place.path;
        if (!means(key, place.path)) continue;
        several += (several.empty() ? "" : ", ") + place.path;
        if (!found || place.path == key) found = &place;
    }
    if (!found)
        throw ConfigError(name + ": has no value for " + one_line(key) + " to try, only for " + known);
    if (several != found->path && found->path != key)
        throw ConfigError(name + ": " + one_line(key) + " could be any of " + several);
    return *found;
}

/// The end of the value starting at `at`: after a quoted string or a bracketed list, otherwise before a
/// comment, a comma or a bracket of the enclosing mapping.
std::size_t end_of_value(const std::string& text, std::size_t at) {
    int depth = 0;
    char quote = '\0';
    for (; at < text.size(); ++at) {
        const char letter = text[at];
        if (quote != '\0') {
            if (letter == quote) quote = '\0';
            if (quote == '\0' && depth == 0) return at + 1;
        } else if (letter == '"' || letter == '\'') {
            quote = letter;
        } else if (letter == '[') {
            ++depth;
        } else if (letter == ']' && depth > 0) {
            if (--depth == 0) return at + 1;
        } else if (depth == 0 && (letter == '\n' || letter == ',' || letter == '}' || letter == ']' ||
                                  (letter == '#' && text[at - 1] == ' '))) {
            break;
        }
    }
    while (at > 0 && text[at - 1] == ' ') --at;
    return at;
}

std::size_t offset_of(const std::string& text, const config::YamlPosition& position) {
    std::size_t line = 0;
    for (int number = 1; number < position.line; ++number) line = text.find('\n', line) + 1;
    return line + static_cast<std::size_t>(position.column - 1);
}

std::vector<Place> places_in(const config::YamlNode& tree) {
    std::vector<Place> places;
    list_places(tree, "", places);
    return places;
}

/// The comma after the value at `at`, or the end: a value may be a list, [1, 10].
std::size_t end_of_trial_value(const std::string& text, std::size_t at) {
    int depth = 0;
    for (; at < text.size() && (text[at] != ',' || depth > 0); ++at)
        depth += (text[at] == '[') - (text[at] == ']');
    return at;
}

}  // namespace

std::string recipe_value_path(const std::string& recipe, const std::string& name, const std::string& key) {
    const auto tree = config::parse_yaml(recipe, name, config::YamlMap::kMaxDepth);
    return find_place(places_in(tree), name, key).path;
}

std::string with_recipe_value(const std::string& recipe, const std::string& name, const std::string& key,
                              const std::string& value) {
    if (value.empty() || value.find('\n') != std::string::npos)
        throw ConfigError("--try " + one_line(key) + ": expected values of one line");
    const auto tree = config::parse_yaml(recipe, name, config::YamlMap::kMaxDepth);
    const auto places = places_in(tree);
    const auto& place = find_place(places, name, key);
    const auto of_key = offset_of(recipe, place.node->position);
    const auto begin = recipe.find_first_not_of(' ', recipe.find(':', of_key) + 1);
    if (begin == std::string::npos || recipe[begin] == '\n')
        throw ConfigError(name + ": the value of " + place.path +
                          " is not on its key's line; write it there");
    const auto end = end_of_value(recipe, begin);
    return recipe.substr(0, begin) + value + recipe.substr(end);
}

Trial parse_trial(const std::string& text) {
    const auto equals = text.find('=');
    Trial trial{text.substr(0, equals), {}};
    if (equals != std::string::npos)
        for (std::size_t at = equals + 1; at <= text.size();) {
            const auto comma = end_of_trial_value(text, at);
            trial.values.push_back(text.substr(at, comma - at));
            at = comma + 1;
        }
    if (trial.key.empty() || trial.values.empty() ||
        std::count(trial.values.begin(), trial.values.end(), std::string()))
        throw ConfigError("--try " + one_line(text) +
                          ": expected a recipe's key and values, as in l2=1e2,1e3");
    return trial;
}

std::vector<std::vector<std::string>> combinations(const std::vector<Trial>& trials) {
    constexpr std::size_t kMaxCombinations = 10'000;  // each is a training
    std::size_t count = 1;
    for (const auto& trial : trials) {
        if (trial.values.size() > kMaxCombinations / count)
            throw ConfigError("--try: gives more than " + std::to_string(kMaxCombinations) +
                              " combinations, expected fewer values");
        count *= trial.values.size();
    }
    std::vector<std::vector<std::string>> all{{}};
    for (const auto& trial : trials) {
        std::vector<std::vector<std::string>> longer;
        for (const auto& one : all)
            for (const auto& value : trial.values) {
                longer.push_back(one);
                longer.back().push_back(value);
            }
        all = std::move(longer);
    }
    return all;
}

}  // namespace emotion::training
