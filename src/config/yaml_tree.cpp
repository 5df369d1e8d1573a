#include "config/yaml_tree.hpp"

#include <algorithm>
#include <optional>
#include <sstream>
#include <string_view>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "base/error.hpp"
#include "base/one_line.hpp"

namespace emotion::config {
namespace {

YamlPosition position_of(const YAML::Mark& mark) {
    return mark.is_null() ? YamlPosition{} : YamlPosition{mark.line + 1, mark.column + 1};
}

/// Builds the tree from parser events, which keep what YAML::Node drops: positions of keys, duplicate keys,
/// aliases (whose expansion can be unbounded) and quoting.
class TreeBuilder : public YAML::EventHandler {
  public:
    TreeBuilder(const std::string& file, std::size_t max_depth) : file_(file), max_depth_(max_depth) {}

    /// The document; an empty node if there is none.
    YamlNode take() { return root_ ? *std::move(root_) : YamlNode{}; }

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (root_) fail(mark, "a second document starts, expected one only");
    }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        refuse_anchor(mark, anchor);
        add(mark, YamlNode{});
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
        fail(mark, "an alias (*) is not read here, write the value itself");
    }
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  const std::string& value) override {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        // yaml-cpp turns the escapes for U+0085 and U+00A0 into single bytes, which are not UTF-8.
        if (invalid_utf8_at(value) < value.size())
            fail(mark, "\\N and \\_ cannot be read here, expected the character itself");
        YamlNode node;
        node.kind = YamlNode::Kind::kScalar;
        node.text = value;
        node.quoted = tag == "!";
        add(mark, std::move(node));
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, YamlNode::Kind::kList);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(mark, tag, anchor, YamlNode::Kind::kMap);
    }
    void OnMapEnd() override { close(); }

  private:
    [[noreturn]] void fail(const YAML::Mark& mark, const std::string& message) const {
        fail_yaml(file_, position_of(mark), message);
    }
    void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) const {
        if (anchor) fail(mark, "an anchor (&) is not read here, write the value where it is needed");
    }
    void refuse_tag(const YAML::Mark& mark, const std::string& tag) const {
        if (!tag.empty() && tag != "?" && tag != "!") fail(mark, "a tag (!) is not read here, leave it out");
    }
    bool expects_key() const {
        return !open_.empty() && open_.back().kind == YamlNode::Kind::kMap &&
               open_.back().keys.size() == open_.back().items.size();
    }

    void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YamlNode::Kind kind) {
        refuse_anchor(mark, anchor);
        refuse_tag(mark, tag);
        if (expects_key()) fail(mark, "a key is a list or a mapping, expected a word");
        if (open_.size() == max_depth_)
            fail(mark, "more than " + std::to_string(max_depth_) + " lists or mappings inside one another");
        YamlNode node;
        node.kind = kind;
        node.position = position_of(mark);
        open_.push_back(std::move(node));
    }
    void close() {
        YamlNode node = std::move(open_.back());
        open_.pop_back();
        place(std::move(node));
    }
    void add(const YAML::Mark& mark, YamlNode node) {
        node.position = position_of(mark);
        if (!expects_key()) return place(std::move(node));
        YamlNode& map = open_.back();
        if (node.kind != YamlNode::Kind::kScalar) fail(mark, "a key is missing before the colon");
        const auto [found, is_new] = map.index.emplace(node.text, map.items.size());
        if (!is_new)
            fail(mark, one_line(node.text) + " is given twice, first in line " +
                           std::to_string(map.items[found->second].position.line));
        map.keys.push_back(std::move(node.text));
        key_position_.push_back(node.position);
    }
    void place(YamlNode node) {
        if (open_.empty()) {
            root_ = std::move(node);
            return;
        }
        if (open_.back().kind == YamlNode::Kind::kMap) {
            node.position = key_position_.back();
            key_position_.pop_back();
        }
        open_.back().items.push_back(std::move(node));
    }

    const std::string& file_;
    std::size_t max_depth_;
    std::optional<YamlNode> root_;
    std::vector<YamlNode> open_;              ///< outermost first
    std::vector<YamlPosition> key_position_;  ///< of the keys waiting for their values
};

}  // namespace

std::string YamlNode::shown() const {
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

std::string content_of(const YamlNode& node, const std::set<std::string>& but_for) {
    // Every part is prefixed by its kind or length, so that different contents never look the same.
    const auto counted = [](const std::string& text) { return std::to_string(text.size()) + ":" + text; };
    switch (node.kind) {
        case YamlNode::Kind::kNothing:
            return "nothing";
        case YamlNode::Kind::kScalar:
            return (node.quoted ? "quoted " : "plain ") + counted(node.text);
        case YamlNode::Kind::kList: {
            std::string list = "list " + std::to_string(node.items.size());
            for (const auto& item : node.items) list += " " + content_of(item);
            return list;
        }
        case YamlNode::Kind::kMap:
            break;
    }
    std::string mapping = "map";
    for (const auto& [key, place] : node.index)
        if (!but_for.count(key)) mapping += " " + counted(key) + " " + content_of(node.items[place]);
    return mapping + " end";
}

std::string quoted_yaml(const std::string& text) {
    std::string quoted = "\"";
    for (const char letter : text) {
        const auto byte = static_cast<unsigned char>(letter);
        if (byte < 0x20 || byte == 0x7f) {
            quoted += fmt::format("\\x{:02x}", byte);
            continue;
        }
        if (letter == '"' || letter == '\\') quoted += '\\';
        quoted += letter;
    }
    return quoted + "\"";
}

void fail_yaml(const std::string& file, YamlPosition position, const std::string& message) {
    throw ConfigError(file + ":" + std::to_string(position.line) + ":" + std::to_string(position.column) +
                      ": " + message);
}

YamlNode parse_yaml(const std::string& text, const std::string& file, std::size_t max_depth) {
    if (const auto invalid = invalid_utf8_at(text); invalid < text.size())
        fail_yaml(file, {1 + static_cast<int>(std::count(text.begin(), text.begin() + invalid, '\n')), 1},
                  "is not UTF-8 text from this line on");
    std::istringstream in(text);
    TreeBuilder builder(file, max_depth);
    try {
        YAML::Parser parser(in);
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (const YAML::Exception& error) {
        fail_yaml(file, position_of(error.mark), "not valid YAML: " + one_line(error.msg));
    }
    return builder.take();
}

}  // namespace emotion::config
