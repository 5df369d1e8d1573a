#pragma once

#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace emotion {

/// A YAML mapping read strictly: what is asked for is checked, and finish() refuses whatever was never asked
/// for. Every error is a ConfigError `file:line:column: key.path = value, expected ...` (counting from 1).
class YamlMap {
  public:
    /// The file's top mapping. Keys given twice anywhere in it are an error.
    static YamlMap read_file(const std::filesystem::path& path);
    static YamlMap read_text(const std::string& text, const std::string& name);

    ~YamlMap();
    YamlMap(YamlMap&&) noexcept;
    YamlMap& operator=(YamlMap&&) noexcept;

    bool has(const std::string& key) const;
    std::vector<std::string> keys() const;

    /// T: bool, int, double, std::string, std::vector of these. Without a fallback the key must be there.
    template <typename T>
    T get(const std::string& key);
    template <typename T>
    T get(const std::string& key, const T& fallback);
    /// A number that must lie in [low, high].
    template <typename T>
    T get_in(const std::string& key, T low, T high);
    template <typename T>
    T get_in(const std::string& key, const T& fallback, T low, T high);
    /// One of the words listed; the error lists them. Returns the word's index.
    std::size_t get_word(const std::string& key, const std::vector<std::string>& words);
    std::size_t get_word(const std::string& key, const std::vector<std::string>& words, std::size_t fallback);

    /// A mapping below this one; an absent one reads as empty.
    YamlMap map(const std::string& key);
    /// A list of mappings; an absent one reads as empty.
    std::vector<YamlMap> maps(const std::string& key);

    /// Throws for a key of this mapping that was never asked for, suggesting the nearest one that was.
    void finish() const;
    /// Throws ConfigError at a key of this mapping: "file:line:column: path.key = value, <message>".
    [[noreturn]] void fail(const std::string& key, const std::string& message) const;

  private:
    struct State;
    explicit YamlMap(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace emotion
