#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "config/range.hpp"

namespace emotion::config {

class YamlMap;

/// A row of the table of settings. `value` points to the options' member, which holds the default until a
/// file is read.
struct Setting {
    const char* key;
    std::variant<int*, double*, std::filesystem::path*> value;
    Range range;       ///< for numbers; unused for a path
    const char* help;  ///< meaning and unit, without the range; ends in a period
};

/// The settings of one mapping of the file, built from a struct of options by a function
/// `settings_of(options)` beside the struct: a new setting is a member and a row. Valid as long as the
/// options are.
struct SettingsSection {
    const char* name;
    const char* help;
    std::vector<Setting> settings;

    template <typename Value>
    void add(const char* key, Value& value, const Range& range, const char* setting_help) {
        settings.push_back({key, &value, range, setting_help});
    }
};

/// Reads a section strictly; keys missing from the file keep their values. Relative paths are relative to
/// `folder`. Throws ConfigError "file:line:column: section.key = value, expected ...".
void read_settings(YamlMap& file, const SettingsSection& section, const std::filesystem::path& folder);
/// The same of a mapping that is the section.
void read_settings_in(YamlMap& map, const SettingsSection& section, const std::filesystem::path& folder);

/// Throws ConfigError "section.key = value, expected ..." for a number out of range.
void check_settings(const SettingsSection& section);

/// The options, a struct with a function settings_of(), after check_settings().
template <typename Options>
const Options& checked(const Options& options) {
    auto copy = options;  // the rows could set its members
    check_settings(settings_of(copy));
    return options;
}

/// The section as YAML that reads back as the same values, each setting explained by a comment.
std::string settings_yaml(const SettingsSection& section);

/// A table in Markdown: setting, value, range, meaning.
std::string settings_table(const SettingsSection& section);

/// Wraps words into lines of at most 100 characters, each starting with `prefix`.
std::string wrapped(const std::string& text, const std::string& prefix);

}  // namespace emotion::config
