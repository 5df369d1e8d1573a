#pragma once

#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "config/range.hpp"

namespace emotion::config {

struct YamlNode;

/// A YAML mapping that is read strictly: every value read is checked, and finish() rejects keys that were
/// never read. Every error is a one-line ConfigError, `file:line:column: key.path = value, expected ...`,
/// counted from 1; a missing key is reported at its parent. Copies are views of the same text and share the
/// record of keys read. Not thread-safe.
///
/// The text is a single UTF-8 mapping with plain scalars as keys. Duplicate keys, anchors, aliases, tags, a
/// second document, more than kMaxBytes of text and nesting deeper than kMaxDepth are rejected when parsing.
class YamlMap {
  public:
    static constexpr std::size_t kMaxBytes = 1u << 20;
    static constexpr std::size_t kMaxDepth = 16;

    /// Parses a file's text; `name` stands for the file in errors.
    static YamlMap read_text(const std::string& text, const std::string& name);

    bool has(const std::string& key) const;
    /// Whether the key exists and holds a mapping (is_map) or a list (is_list).
    bool is_map(const std::string& key) const;
    bool is_list(const std::string& key) const;
    /// In file order.
    std::vector<std::string> keys() const;
    /// The content of this mapping without the keys `but_for`, in a form that compares equal for texts that
    /// differ only in the order of keys, comments and layout.
    std::string content(const std::set<std::string>& but_for) const;

    /// T: bool, int, double (finite), std::string, or a std::vector of one of the last two. Without a
    /// fallback the key is required; a fallback replaces a missing key, never a malformed value.
    template <typename T>
    T get(const std::string& key);
    template <typename T>
    T get(const std::string& key, const T& fallback);
    /// A number (int, double) in the range.
    template <typename T>
    T get_in(const std::string& key, const Range& range);
    template <typename T>
    T get_in(const std::string& key, const T& fallback, const Range& range) {
        return find_known(key) ? get_in<T>(key, range) : fallback;
    }
    /// The same for [low, high].
    template <typename T>
    T get_in(const std::string& key, T low, T high) {
        return get_in<T>(key, Range{static_cast<double>(low), static_cast<double>(high)});
    }
    template <typename T>
    T get_in(const std::string& key, const T& fallback, T low, T high) {
        return find_known(key) ? get_in(key, low, high) : fallback;
    }
    /// A required string; for an empty value or a list, the error says what was `expected`.
    std::string get_text(const std::string& key, const std::string& expected);
    /// One of `words`, which the error lists. Returns its index.
    std::size_t get_word(const std::string& key, const std::vector<std::string>& words);
    std::size_t get_word(const std::string& key, const std::vector<std::string>& words, std::size_t fallback);

    /// A nested mapping; empty if the key is missing.
    YamlMap map(const std::string& key);
    /// A list of mappings; empty if the key is missing.
    std::vector<YamlMap> maps(const std::string& key);

    /// Throws for any key of this mapping or a nested one that was never read, suggesting the most similar
    /// known key. Call it once everything has been read.
    void finish() const;
    /// Throws ConfigError for a key of this mapping: "file:line:column: path.key = value, <message>".
    [[noreturn]] void fail(const std::string& key, const std::string& message) const;

  private:
    YamlMap(std::shared_ptr<const std::string> name, std::shared_ptr<YamlNode> node, std::string path);

    YamlNode* find(const std::string& key) const;
    YamlNode* find_known(const std::string& key);
    YamlNode& require(const std::string& key, const std::string& expected);
    std::string path_of(const std::string& key) const;
    template <typename T>
    T read(const YamlNode& node, const std::string& path, const std::string& expected) const;
    YamlMap view(YamlNode& node, std::string path) const;
    void refuse_unread(const YamlNode& node, const std::string& path) const;
    [[noreturn]] void fail_value(const YamlNode& node, const std::string& path,
                                 const std::string& message) const;

    std::shared_ptr<const std::string> name_;
    std::shared_ptr<YamlNode> node_;
    std::string path_;  ///< from the root of the file, where it is empty
};

}  // namespace emotion::config
