#pragma once

#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "config/range.hpp"

namespace emotion::config {

struct YamlNode;

/// A YAML mapping read strictly: what is asked for is checked, and finish() refuses whatever was never asked
/// for. Every error is a ConfigError of one line, `file:line:column: key.path = value, expected ...`,
/// counting from 1; a missing key is reported at its parent. Copies are views of the same text and share what
/// has been asked for. Not thread-safe.
///
/// The text is UTF-8 and one mapping with plain words for keys. Keys given twice, anchors, aliases, tags, a
/// second document, more than kMaxBytes of text and more than kMaxDepth mappings or lists inside one another
/// are refused before anything can be asked.
class YamlMap {
  public:
    static constexpr std::size_t kMaxBytes = 1u << 20;
    static constexpr std::size_t kMaxDepth = 16;

    /// The mapping that a file's text holds; `name` stands for the file in errors.
    static YamlMap read_text(const std::string& text, const std::string& name);

    bool has(const std::string& key) const;
    /// Whether the key is there and holds a mapping, or a list.
    bool is_map(const std::string& key) const;
    bool is_list(const std::string& key) const;
    /// As they stand in the file.
    std::vector<std::string> keys() const;
    /// All that this mapping says but for some of its keys: equal for texts that differ in nothing but these,
    /// the order of keys, comments and layout.
    std::string content(const std::set<std::string>& but_for) const;

    /// T: bool, int, double (finite), std::string, or a std::vector of one of the last two. Without a
    /// fallback the key must be there; a fallback stands for an absent key only, never for a malformed value.
    template <typename T>
    T get(const std::string& key);
    template <typename T>
    T get(const std::string& key, const T& fallback);
    /// A number (int, double) that must lie in the range.
    template <typename T>
    T get_in(const std::string& key, const Range& range);
    template <typename T>
    T get_in(const std::string& key, const T& fallback, const Range& range) {
        return ask(key) ? get_in<T>(key, range) : fallback;
    }
    /// The same for [low, high].
    template <typename T>
    T get_in(const std::string& key, T low, T high) {
        return get_in<T>(key, Range{static_cast<double>(low), static_cast<double>(high)});
    }
    template <typename T>
    T get_in(const std::string& key, const T& fallback, T low, T high) {
        return ask(key) ? get_in(key, low, high) : fallback;
    }
    /// A text that must be there; the error says what is `expected` instead of nothing or of a list.
    std::string get_text(const std::string& key, const std::string& expected);
    /// One of the words listed; the error lists them. Returns the word's index.
    std::size_t get_word(const std::string& key, const std::vector<std::string>& words);
    std::size_t get_word(const std::string& key, const std::vector<std::string>& words, std::size_t fallback);

    /// A mapping below this one; an absent one reads as empty.
    YamlMap map(const std::string& key);
    /// A list of mappings; an absent one reads as empty.
    std::vector<YamlMap> maps(const std::string& key);

    /// Throws for a key of this mapping, or of one below it, that was never asked for, suggesting the nearest
    /// one that was. Call it once everything has been read.
    void finish() const;
    /// Throws ConfigError at a key of this mapping: "file:line:column: path.key = value, <message>".
    [[noreturn]] void fail(const std::string& key, const std::string& message) const;

  private:
    YamlMap(std::shared_ptr<const std::string> name, std::shared_ptr<YamlNode> node, std::string path);

    YamlNode* find(const std::string& key) const;
    YamlNode* ask(const std::string& key);
    YamlNode& need(const std::string& key, const std::string& expected);
    std::string path_of(const std::string& key) const;
    template <typename T>
    T read(const YamlNode& node, const std::string& path, const std::string& expected) const;
    YamlMap view(YamlNode& node, std::string path) const;
    void refuse_unread(const YamlNode& node, const std::string& path) const;
    [[noreturn]] void fail_value(const YamlNode& node, const std::string& path,
                                 const std::string& message) const;

    std::shared_ptr<const std::string> name_;
    std::shared_ptr<YamlNode> node_;
    std::string path_;  ///< from the file's top, empty there
};

}  // namespace emotion::config
