#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace emotion::config {

/// Where something stands in a file, counting from 1.
struct YamlPosition {
    int line = 1, column = 1;
};

/// One value of a YAML document with what is below it.
struct YamlNode {
    enum class Kind { kNothing, kScalar, kList, kMap };

    Kind kind = Kind::kNothing;
    YamlPosition position;  ///< of the key where it has one
    std::string text;
    bool quoted = false;
    std::vector<YamlNode> items;               ///< of a list or a mapping
    std::vector<std::string> keys;             ///< of a mapping, one for each item
    std::map<std::string, std::size_t> index;  ///< where a key's item is
    std::set<std::string> asked;               ///< the keys that a reader knows, there or not

    /// The value as errors show it.
    std::string shown() const;
};

/// What a node says, without layout; of a mapping's own keys some may be left out.
std::string content_of(const YamlNode& node, const std::set<std::string>& but_for = {});

/// Throws ConfigError "file:line:column: message".
[[noreturn]] void fail_yaml(const std::string& file, YamlPosition position, const std::string& message);

/// The tree of a text: UTF-8, one document without anchors, aliases and tags, no key twice in a mapping, at
/// most `max_depth` lists or mappings inside one another. Throws ConfigError at what is otherwise.
YamlNode parse_yaml(const std::string& text, const std::string& file, std::size_t max_depth);

}  // namespace emotion::config
