#include "config/yaml_map.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <locale>
#include <numeric>
#include <set>
#include <sstream>
#include <string_view>

#include "base/error.hpp"
#include "base/join.hpp"
#include "base/one_line.hpp"
#include "config/yaml_tree.hpp"

namespace emotion::config {
namespace {

/// The name of type T in error messages, and its parser.
template <typename T>
struct Scalar {
    static constexpr const char* kExpected = "a whole number";
    static bool read(const std::string& word, T& value) {
        const auto [stop, failed] = std::from_chars(word.data(), word.data() + word.size(), value);
        return failed == std::errc{} && stop == word.data() + word.size();
    }
};
template <>
struct Scalar<double> {
    static constexpr const char* kExpected = "a finite number";
    static bool read(const std::string& word, double& value) {
        std::istringstream in(word);
        in.imbue(std::locale::classic());
        in >> std::noskipws >> value;
        return !in.fail() && in.peek() == std::istringstream::traits_type::eof() && std::isfinite(value);
    }
};
template <>
struct Scalar<bool> {
    static constexpr const char* kExpected = "true or false";
    static bool read(const std::string& word, bool& value) {
        value = word == "true";
        return value || word == "false";
    }
};
template <>
struct Scalar<std::string> {
    static constexpr const char* kExpected = "text";
    static bool read(const std::string& word, std::string& value) {
        value = word;
        return true;
    }
};

template <typename T>
struct Item {
    using Type = T;
    static constexpr bool kIsList = false;
};
template <typename T>
struct Item<std::vector<T>> {
    using Type = T;
    static constexpr bool kIsList = true;
};

template <typename T>
std::string expected_value() {
    const std::string item = Scalar<typename Item<T>::Type>::kExpected;
    return Item<T>::kIsList ? "a list, each item " + item : item;
}

/// Levenshtein distance (1966).
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] != b[j]);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
        }
    }
    return row.back();
}

/// The candidate that `word` is most likely a misspelling of; empty if none is close.
std::string nearest(std::string_view word, const std::set<std::string>& candidates) {
    std::string best;
    std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
    for (const auto& candidate : candidates)
        if (const auto distance = edit_distance(word, candidate);
            distance < least && distance < candidate.size()) {
            least = distance;
            best = candidate;
        }
    return best;
}

}  // namespace

YamlMap::YamlMap(std::shared_ptr<const std::string> name, std::shared_ptr<YamlNode> node, std::string path)
    : name_(std::move(name)), node_(std::move(node)), path_(std::move(path)) {}

YamlMap YamlMap::read_text(const std::string& text, const std::string& name) {
    if (text.size() > kMaxBytes)
        throw ConfigError(name + ": holds " + std::to_string(text.size()) + " bytes, expected at most " +
                          std::to_string(kMaxBytes));
    auto root = std::make_shared<YamlNode>(parse_yaml(text, name, kMaxDepth));
    if (root->kind != YamlNode::Kind::kMap)
        fail_yaml(name, root->position, "holds " + root->shown() + ", expected a mapping of keys to values");
    return {std::make_shared<const std::string>(name), std::move(root), {}};
}

bool YamlMap::has(const std::string& key) const {
    return find(key) != nullptr;
}

bool YamlMap::is_map(const std::string& key) const {
    const YamlNode* node = find(key);
    return node && node->kind == YamlNode::Kind::kMap;
}

bool YamlMap::is_list(const std::string& key) const {
    const YamlNode* node = find(key);
    return node && node->kind == YamlNode::Kind::kList;
}

std::vector<std::string> YamlMap::keys() const {
    return node_->keys;
}

std::string YamlMap::content(const std::set<std::string>& but_for) const {
    return content_of(*node_, but_for);
}

std::string YamlMap::path_of(const std::string& key) const {
    return path_.empty() ? one_line(key) : path_ + "." + one_line(key);
}

YamlNode* YamlMap::find(const std::string& key) const {
    const auto found = node_->index.find(key);
    return found == node_->index.end() ? nullptr : &node_->items[found->second];
}

YamlNode* YamlMap::find_known(const std::string& key) {
    node_->known_keys.insert(key);
    return find(key);
}

YamlNode& YamlMap::require(const std::string& key, const std::string& expected) {
    if (YamlNode* node = find_known(key)) return *node;
    std::set<std::string> unread;
    for (const auto& given : node_->keys)
        if (!node_->known_keys.count(given)) unread.insert(given);
    const auto near = nearest(key, unread);
    fail_yaml(*name_, node_->position,
              path_of(key) + " is missing, expected " + expected +
                  (near.empty() ? "" : "; is " + one_line(near) + " meant for it?"));
}

void YamlMap::fail(const std::string& key, const std::string& message) const {
    if (const YamlNode* node = find(key)) fail_value(*node, path_of(key), message);
    fail_yaml(*name_, node_->position, path_of(key) + ": " + message);
}

void YamlMap::fail_value(const YamlNode& node, const std::string& path, const std::string& message) const {
    fail_yaml(*name_, node.position, path + " = " + node.shown() + ", " + message);
}

template <typename T>
T YamlMap::read(const YamlNode& node, const std::string& path, const std::string& expected) const {
    T value{};
    if constexpr (Item<T>::kIsList) {
        using Element = typename Item<T>::Type;
        if (node.kind != YamlNode::Kind::kList) fail_value(node, path, "expected " + expected);
        for (std::size_t i = 0; i < node.items.size(); ++i)
            value.push_back(read<Element>(node.items[i], path + "[" + std::to_string(i) + "]",
                                          expected_value<Element>()));
    } else {
        const bool misquoted = node.quoted && !std::is_same_v<T, std::string>;
        if (node.kind != YamlNode::Kind::kScalar || misquoted || !Scalar<T>::read(node.text, value))
            fail_value(node, path, "expected " + expected);
    }
    return value;
}

template <typename T>
T YamlMap::get(const std::string& key) {
    const auto expected = expected_value<T>();
    return read<T>(require(key, expected), path_of(key), expected);
}

template <typename T>
T YamlMap::get(const std::string& key, const T& fallback) {
    const YamlNode* node = find_known(key);
    return node ? read<T>(*node, path_of(key), expected_value<T>()) : fallback;
}

template <typename T>
T YamlMap::get_in(const std::string& key, const Range& range) {
    const auto expected = expected_value<T>() + " in " + range.text();
    const YamlNode& node = require(key, expected);
    const auto value = read<T>(node, path_of(key), expected);
    if (!range.contains(value)) fail_value(node, path_of(key), "expected " + expected);
    return value;
}

#define EMOTION_INSTANTIATE(T)                   \
    template T YamlMap::get(const std::string&); \
    template T YamlMap::get(const std::string&, const T&)
EMOTION_INSTANTIATE(bool);
EMOTION_INSTANTIATE(int);
EMOTION_INSTANTIATE(double);
EMOTION_INSTANTIATE(std::string);
EMOTION_INSTANTIATE(std::vector<double>);
EMOTION_INSTANTIATE(std::vector<std::string>);
template int YamlMap::get_in(const std::string&, const Range&);
template double YamlMap::get_in(const std::string&, const Range&);

std::string YamlMap::get_text(const std::string& key, const std::string& expected) {
    return read<std::string>(require(key, expected), path_of(key), expected);
}

std::size_t YamlMap::get_word(const std::string& key, const std::vector<std::string>& words) {
    const auto expected = "one of " + join(words);
    const auto found = std::find(words.begin(), words.end(), get_text(key, expected));
    if (found == words.end()) fail(key, "expected " + expected);
    return static_cast<std::size_t>(found - words.begin());
}

std::size_t YamlMap::get_word(const std::string& key, const std::vector<std::string>& words,
                              std::size_t fallback) {
    return find_known(key) ? get_word(key, words) : fallback;
}

YamlMap YamlMap::view(YamlNode& node, std::string path) const {
    if (node.kind != YamlNode::Kind::kMap) fail_value(node, path, "expected a mapping of keys to values");
    return {name_, std::shared_ptr<YamlNode>(node_, &node), std::move(path)};
}

YamlMap YamlMap::map(const std::string& key) {
    if (YamlNode* node = find_known(key)) return view(*node, path_of(key));
    auto empty = std::make_shared<YamlNode>();
    empty->kind = YamlNode::Kind::kMap;
    empty->position = node_->position;
    return {name_, std::move(empty), path_of(key)};
}

std::vector<YamlMap> YamlMap::maps(const std::string& key) {
    std::vector<YamlMap> result;
    YamlNode* list = find_known(key);
    if (!list) return result;
    if (list->kind != YamlNode::Kind::kList) fail_value(*list, path_of(key), "expected a list of mappings");
    for (std::size_t i = 0; i < list->items.size(); ++i)
        result.push_back(view(list->items[i], path_of(key) + "[" + std::to_string(i) + "]"));
    return result;
}

void YamlMap::finish() const {
    refuse_unread(*node_, path_);
}

void YamlMap::refuse_unread(const YamlNode& node, const std::string& path) const {
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        const auto& item = node.items[i];
        if (node.kind != YamlNode::Kind::kMap) {
            refuse_unread(item, path + "[" + std::to_string(i) + "]");
            continue;
        }
        const auto& key = node.keys[i];
        const auto item_path = (path.empty() ? "" : path + ".") + one_line(key);
        if (!node.known_keys.count(key)) {
            const auto near = nearest(key, node.known_keys);
            fail_yaml(*name_, item.position,
                      item_path + " is not known here, " +
                          (near.empty() ? "expected one of " + join(node.known_keys)
                                        : "did you mean " + near + "?"));
        }
        refuse_unread(item, item_path);
    }
}

}  // namespace emotion::config
