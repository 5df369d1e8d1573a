#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "config/range.hpp"
#include "config/yaml_map.hpp"

namespace emotion::config {

/// One row of the table of settings. `value` points to the member of the options that the row describes; it
/// holds the default until a file is read.
struct Setting {
    const char* key;
    std::variant<int*, double*, std::filesystem::path*> value;
    Range range;       ///< of a number; unused for a path
    const char* help;  ///< what it means and in which unit, without the range; ends in a full stop
};

/// The settings of one mapping of the file, made of the members of a struct of options by a function
/// `settings_of(options)`: a new setting is a member and a row. Valid as long as these options are.
struct SettingsSection {
    const char* name;
    const char* help;
    std::vector<Setting> settings;
};

/// Reads a section strictly; what the file leaves out keeps its value. A relative path counts from `folder`.
/// Throws ConfigError "file:line:column: section.key = value, expected ...".
void read_settings(YamlMap& file, const SettingsSection& section, const std::filesystem::path& folder);
/// The same of a mapping that is the section.
void read_settings_in(YamlMap& map, const SettingsSection& section, const std::filesystem::path& folder);

/// Throws ConfigError "section.key = value, expected ..." for a number out of its range.
void check_settings(const SettingsSection& section);

/// The section as YAML that reads back as the same values, each setting explained in a comment.
std::string settings_yaml(const SettingsSection& section);

/// A table in Markdown: setting, value, range, meaning.
std::string settings_table(const SettingsSection& section);

/// Words in lines of at most 100 characters that each begin with `prefix`.
std::string wrapped(const std::string& text, const std::string& prefix);

}  // namespace emotion::config
