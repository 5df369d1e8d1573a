#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace emotion::config {

/// A position in a file, counted from 1.
struct YamlPosition {
    int line = 1, column = 1;
};

/// A value of a YAML document with its children.
struct YamlNode {
    enum class Kind { kNothing, kScalar, kList, kMap };

    Kind kind = Kind::kNothing;
    YamlPosition position;  ///< of the key, where there is one
    std::string text;
    bool quoted = false;
    std::vector<YamlNode> items;               ///< of a list or a mapping
    std::vector<std::string> keys;             ///< of a mapping, parallel to items
    std::map<std::string, std::size_t> index;  ///< from a key to its item
    std::set<std::string> known_keys;          ///< the keys that were read, present or not

    /// The value as shown in errors.
    std::string shown() const;
};

/// The content of a node regardless of layout, without the keys `but_for` at its top level.
std::string content_of(const YamlNode& node, const std::set<std::string>& but_for = {});

/// Text as a quoted scalar, which reads back unchanged.
std::string quoted_yaml(const std::string& text);

/// Throws ConfigError "file:line:column: message".
[[noreturn]] void fail_yaml(const std::string& file, YamlPosition position, const std::string& message);

/// Parses UTF-8 text into a tree: one document without anchors, aliases, tags or duplicate keys, nested at
/// most `max_depth` deep. Throws ConfigError otherwise.
YamlNode parse_yaml(const std::string& text, const std::string& file, std::size_t max_depth);

}  // namespace emotion::config
