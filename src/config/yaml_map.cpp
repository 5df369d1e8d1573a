#include "config/yaml_map.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <locale>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <sstream>
#include <string_view>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/one_line.hpp"

namespace emotion {
namespace {

struct Position {
    int line = 1, column = 1;
};

Position position_of(const YAML::Mark& mark) {
    return mark.is_null() ? Position{} : Position{mark.line + 1, mark.column + 1};
}

/// Where the first byte stands that UTF-8 (RFC 3629) does not allow there; the text's size if all is well.
std::size_t valid_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto byte = [&](std::size_t offset) {
            return at + offset < text.size() ? static_cast<unsigned char>(text[at + offset]) : 0u;
        };
        const unsigned first = byte(0);
        const std::size_t length = first < 0x80                     ? 1
                                   : first >= 0xc2 && first <= 0xdf ? 2
                                   : first >= 0xe0 && first <= 0xef ? 3
                                   : first >= 0xf0 && first <= 0xf4 ? 4
                                                                    : 0;
        // Too long a form, half of a surrogate pair, beyond the last code point.
        const bool misused = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xed && byte(1) > 0x9f) ||
                             (first == 0xf0 && byte(1) < 0x90) || (first == 0xf4 && byte(1) > 0x8f);
        if (length == 0 || misused) return at;
        for (std::size_t next = 1; next < length; ++next)
            if ((byte(next) & 0xc0) != 0x80) return at;
        at += length;
    }
    return text.size();
}

[[noreturn]] void fail_at(const std::string& file, Position position, const std::string& message) {
    throw ConfigError(file + ":" + std::to_string(position.line) + ":" + std::to_string(position.column) +
                      ": " + message);
}

std::string join(const std::vector<std::string>& words) {
    std::string result;
    for (const auto& word : words) result += (result.empty() ? "" : ", ") + word;
    return result;
}

template <typename T>
std::string number_text(T number) {
    std::ostringstream out;
    out.imbue(std::locale::classic());
    out << number;
    return out.str();
}

/// How a value of type T is written, in errors, and whether a word is one.
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

template <typename T>
std::string expected_in(T low, T high) {
    return expected_value<T>() + " in [" + number_text(low) + ", " + number_text(high) + "]";
}

/// The edits between two words (Levenshtein, 1966).
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

/// The candidate that `word` is most likely a misspelling of; empty if none is near.
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

struct YamlMap::Node {
    enum class Kind { kNothing, kScalar, kList, kMap };

    Kind kind = Kind::kNothing;
    Position position;  ///< of the key where it has one
    std::string text;
    bool quoted = false;
    std::vector<Node> items;                   ///< of a list or a mapping
    std::vector<std::string> keys;             ///< of a mapping, one for each item
    std::map<std::string, std::size_t> index;  ///< where a key's item is
    std::set<std::string> asked;

    const Node* find(const std::string& key) const {
        const auto found = index.find(key);
        return found == index.end() ? nullptr : &items[found->second];
    }
    std::string shown() const {
        switch (kind) {
            case Kind::kNothing:
                return "nothing";
            case Kind::kScalar:
                return quoted ? "\"" + one_line(text) + "\"" : one_line(text);
            case Kind::kList:
                return "a list";
            case Kind::kMap:
                return "a mapping";
        }
        return {};
    }
};

/// Builds the tree from the parser's events, which carry what YAML::Node loses: where keys stand, doubled
/// keys, aliases (whose expansion can be endless) and whether a word was quoted.
class YamlMap::TreeBuilder : public YAML::EventHandler {
  public:
    explicit TreeBuilder(const std::string& file) : file_(file) {}

    std::optional<Node> take() { return std::move(root_); }

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (root_) fail(mark, "a second document starts, expected one only");
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        refuse_anchor(mark, anchor);
        add(mark, Node{});
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        fail(mark, "an alias (*) is not read here, write the value itself");
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        Node node;
        node.kind = Node::Kind::kScalar;
        node.text = value;
        node.quoted = tag == "!";
        add(mark, std::move(node));
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, Node::Kind::kList);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, Node::Kind::kMap);
    }
    void OnMapEnd() override { close(); }

  private:
    [[noreturn]] void fail(const YAML::Mark& mark, const std::string& message) const {
        fail_at(file_, position_of(mark), message);
    }
    void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) const {
        if (anchor) fail(mark, "an anchor (&) is not read here, write the value where it is needed");
    }
    void refuse_tag(const YAML::Mark& mark, const std::string& tag) const {
        if (!tag.empty() && tag != "?" && tag != "!") fail(mark, "a tag (!) is not read here, leave it out");
    }
    bool expects_key() const {
        return !open_.empty() && open_.back().kind == Node::Kind::kMap &&
               open_.back().keys.size() == open_.back().items.size();
    }

    void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Node::Kind kind) {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        if (expects_key()) fail(mark, "a key is a list or a mapping, expected a word");
        if (open_.size() == kMaxDepth)
            fail(mark, "more than " + std::to_string(kMaxDepth) + " lists or mappings inside one another");
        Node node;
        node.kind = kind;
        node.position = position_of(mark);
        open_.push_back(std::move(node));
    }
    void close() {
        Node node = std::move(open_.back());
        open_.pop_back();
        place(std::move(node));
    }
    void add(const YAML::Mark& mark, Node node) {
        node.position = position_of(mark);
        if (!expects_key()) return place(std::move(node));
        Node& map = open_.back();
        if (node.kind != Node::Kind::kScalar) fail(mark, "a key is missing before the colon");
        const auto [found, is_new] = map.index.emplace(node.text, map.items.size());
        if (!is_new)
            fail(mark, one_line(node.text) + " is given twice, first in line " +
                           std::to_string(map.items[found->second].position.line));
        map.keys.push_back(std::move(node.text));
        key_position_.push_back(node.position);
    }
    void place(Node node) {
        if (open_.empty()) {
            root_ = std::move(node);
            return;
        }
        if (open_.back().kind == Node::Kind::kMap) {
            node.position = key_position_.back();
            key_position_.pop_back();
        }
        open_.back().items.push_back(std::move(node));
    }

    const std::string& file_;
    std::optional<Node> root_;
    std::vector<Node> open_;              ///< from the outermost to the innermost
    std::vector<Position> key_position_;  ///< of the keys that wait for their value
};

YamlMap::YamlMap(std::shared_ptr<const std::string> name, std::shared_ptr<Node> node, std::string path)
    : name_(std::move(name)), node_(std::move(node)), path_(std::move(path)) {}

YamlMap YamlMap::read_file(const std::filesystem::path& path) {
    return read_text(emotion::read_file(path, kMaxBytes), path.string());
}

YamlMap YamlMap::read_text(const std::string& text, const std::string& name) {
    if (text.size() > kMaxBytes)
        throw ConfigError(name + ": holds " + std::to_string(text.size()) + " bytes, expected at most " +
                          std::to_string(kMaxBytes));
    if (const auto valid = valid_utf8(text); valid < text.size())
        fail_at(name, {1 + static_cast<int>(std::count(text.begin(), text.begin() + valid, '\n')), 1},
                "is not UTF-8 text from this line on");
    std::istringstream in(text);
    TreeBuilder builder(name);
    try {
        YAML::Parser parser(in);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const YAML::Exception& error) {
        fail_at(name, position_of(error.mark), "not valid YAML: " + one_line(error.msg));
    }
    auto root = builder.take();
    if (!root || root->kind != Node::Kind::kMap)
        fail_at(name, root ? root->position : Position{},
                "holds " + (root ? root->shown() : "nothing") + ", expected a mapping of keys to values");
    return {std::make_shared<const std::string>(name), std::make_shared<Node>(*std::move(root)), {}};
}

bool YamlMap::has(const std::string& key) const {
    return node_->find(key) != nullptr;
}

bool YamlMap::is_map(const std::string& key) const {
    const Node* node = node_->find(key);
    return node && node->kind == Node::Kind::kMap;
}

bool YamlMap::is_list(const std::string& key) const {
    const Node* node = node_->find(key);
    return node && node->kind == Node::Kind::kList;
}

std::vector<std::string> YamlMap::keys() const {
    return node_->keys;
}

std::string YamlMap::path_of(const std::string& key) const {
    return path_.empty() ? one_line(key) : path_ + "." + one_line(key);
}

YamlMap::Node* YamlMap::ask(const std::string& key) {
    node_->asked.insert(key);
    const auto found = node_->index.find(key);
    return found == node_->index.end() ? nullptr : &node_->items[found->second];
}

YamlMap::Node& YamlMap::need(const std::string& key, const std::string& expected) {
    if (Node* node = ask(key)) return *node;
    std::set<std::string> unread;
    for (const auto& given : node_->keys)
        if (!node_->asked.count(given)) unread.insert(given);
    const auto near = nearest(key, unread);
    fail_at(*name_, node_->position,
            path_of(key) + " is missing, expected " + expected +
                (near.empty() ? "" : "; is " + one_line(near) + " meant for it?"));
}

void YamlMap::fail(const std::string& key, const std::string& message) const {
    if (const Node* node = node_->find(key)) fail_value(*node, path_of(key), message);
    fail_at(*name_, node_->position, path_of(key) + ": " + message);
}

void YamlMap::fail_value(const Node& node, const std::string& path, const std::string& message) const {
    fail_at(*name_, node.position, path + " = " + node.shown() + ", " + message);
}

template <typename T>
T YamlMap::read(const Node& node, const std::string& path, const std::string& expected) const {
    T value{};
    if constexpr (Item<T>::kIsList) {
        using Element = typename Item<T>::Type;
        if (node.kind != Node::Kind::kList) fail_value(node, path, "expected " + expected);
        for (std::size_t i = 0; i < node.items.size(); ++i)
            value.push_back(read<Element>(node.items[i], path + "[" + std::to_string(i) + "]",
                                          expected_value<Element>()));
    } else {
        const bool misquoted = node.quoted && !std::is_same_v<T, std::string>;
        if (node.kind != Node::Kind::kScalar || misquoted || !Scalar<T>::read(node.text, value))
            fail_value(node, path, "expected " + expected);
    }
    return value;
}

template <typename T>
T YamlMap::get(const std::string& key) {
    const auto expected = expected_value<T>();
    return read<T>(need(key, expected), path_of(key), expected);
}

template <typename T>
T YamlMap::get(const std::string& key, const T& fallback) {
    const Node* node = ask(key);
    return node ? read<T>(*node, path_of(key), expected_value<T>()) : fallback;
}

template <typename T>
T YamlMap::get_in(const std::string& key, T low, T high) {
    const auto expected = expected_in(low, high);
    const Node& node = need(key, expected);
    const auto value = read<T>(node, path_of(key), expected);
    if (value < low || value > high) fail_value(node, path_of(key), "expected " + expected);
    return value;
}

template <typename T>
T YamlMap::get_in(const std::string& key, const T& fallback, T low, T high) {
    return ask(key) ? get_in(key, low, high) : fallback;
}

template bool YamlMap::get(const std::string&);
template bool YamlMap::get(const std::string&, const bool&);
template std::string YamlMap::get(const std::string&);
template std::string YamlMap::get(const std::string&, const std::string&);
#define EMOTION_INSTANTIATE_LIST(T)                           \
    template std::vector<T> YamlMap::get(const std::string&); \
    template std::vector<T> YamlMap::get(const std::string&, const std::vector<T>&)
#define EMOTION_INSTANTIATE_NUMBER(T)                               \
    template T YamlMap::get(const std::string&);                    \
    template T YamlMap::get(const std::string&, const T&);          \
    template T YamlMap::get_in(const std::string&, T, T);           \
    template T YamlMap::get_in(const std::string&, const T&, T, T); \
    EMOTION_INSTANTIATE_LIST(T)
EMOTION_INSTANTIATE_LIST(bool);
EMOTION_INSTANTIATE_LIST(std::string);
EMOTION_INSTANTIATE_NUMBER(int);
EMOTION_INSTANTIATE_NUMBER(std::int64_t);
EMOTION_INSTANTIATE_NUMBER(double);

std::size_t YamlMap::get_word(const std::string& key, const std::vector<std::string>& words) {
    const auto expected = "one of " + join(words);
    const Node& node = need(key, expected);
    const auto word = read<std::string>(node, path_of(key), expected);
    const auto found = std::find(words.begin(), words.end(), word);
    if (found == words.end()) fail_value(node, path_of(key), "expected " + expected);
    return static_cast<std::size_t>(found - words.begin());
}

std::size_t YamlMap::get_word(const std::string& key, const std::vector<std::string>& words,
                              std::size_t fallback) {
    return ask(key) ? get_word(key, words) : fallback;
}

YamlMap YamlMap::view(Node& node, std::string path) const {
    if (node.kind != Node::Kind::kMap) fail_value(node, path, "expected a mapping of keys to values");
    return {name_, std::shared_ptr<Node>(node_, &node), std::move(path)};
}

YamlMap YamlMap::map(const std::string& key) {
    if (Node* node = ask(key)) return view(*node, path_of(key));
    auto empty = std::make_shared<Node>();
    empty->kind = Node::Kind::kMap;
    empty->position = node_->position;
    return {name_, std::move(empty), path_of(key)};
}

std::vector<YamlMap> YamlMap::maps(const std::string& key) {
    std::vector<YamlMap> result;
    Node* list = ask(key);
    if (!list) return result;
    if (list->kind != Node::Kind::kList) fail_value(*list, path_of(key), "expected a list of mappings");
    for (std::size_t i = 0; i < list->items.size(); ++i)
        result.push_back(view(list->items[i], path_of(key) + "[" + std::to_string(i) + "]"));
    return result;
}

void YamlMap::finish() const {
    refuse_unread(*node_, path_);
}

void YamlMap::refuse_unread(const Node& node, const std::string& path) const {
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        const auto& item = node.items[i];
        if (node.kind != Node::Kind::kMap) {
            refuse_unread(item, path + "[" + std::to_string(i) + "]");
            continue;
        }
        const auto& key = node.keys[i];
        const auto item_path = (path.empty() ? "" : path + ".") + one_line(key);
        if (!node.asked.count(key)) {
            const auto near = nearest(key, node.asked);
            fail_at(*name_, item.position,
                    item_path + " is not known here, " +
                        (near.empty() ? "expected one of " + join({node.asked.begin(), node.asked.end()})
                                      : "did you mean " + near + "?"));
        }
        refuse_unread(item, item_path);
    }
}

}  // namespace emotion
