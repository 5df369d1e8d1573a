#include "config/yaml_map.hpp"

#include <cmath>

#include "base/error.hpp"
#include "support/catch.hpp"

namespace yaml_map_test {

using namespace emotion;
using namespace emotion::config;

namespace {

YamlMap parse(const std::string& text) {
    return YamlMap::read_text(text, "a.yaml");
}

/// The message of the ConfigError that `action` throws; empty if it throws none.
template <typename Action>
std::string message_of(const Action& action) {
    try {
        action();
    } catch (const ConfigError& error) {
        return error.what();
    }
    return {};
}

std::string parse_error(const std::string& text) {
    return message_of([&] { parse(text); });
}

}  // namespace

TEST_CASE("Values of every type are read as written") {
    auto map = parse(
        "flag: true\nwhole: -7\nnumber: 1e-7\nwords: 'a: b'\n"
        "plain: 007\nlist: [1, 2.5]\nnames:\n  - happy\n  - fear\n");
    CHECK(map.get<bool>("flag"));
    CHECK(map.get<int>("whole") == -7);
    CHECK(map.get<double>("number") == 1e-7);
    CHECK(map.get<std::string>("words") == "a: b");
    CHECK(map.get<std::string>("plain") == "007");
    CHECK(map.get<std::vector<double>>("list") == std::vector<double>{1, 2.5});
    CHECK(map.get<std::vector<std::string>>("names") == std::vector<std::string>{"happy", "fear"});
    map.finish();
}

TEST_CASE("A fallback replaces only a missing key") {
    auto map = parse("epochs: many\n");
    CHECK(map.get("seed", 3) == 3);
    CHECK(map.get<std::string>("name", "x") == "x");
    CHECK(map.get_in("rate", 0.5, 0.0, 1.0) == 0.5);
    CHECK(map.get_word("kind", {"gd", "lbfgs"}, 1) == 1);
    CHECK(message_of([&] { map.get("epochs", 5); }) == "a.yaml:1:1: epochs = many, expected a whole number");
}

TEST_CASE("A malformed value is reported with its position and what was expected") {
    auto map = parse(
        "haar:\n"
        "  min_neighbors: -3\n"
        "  scale: .nan\n"
        "  huge: 1e999\n"
        "  kind: grey\n"
        "  count: 1.5\n"
        "  quoted: \"5\"\n"
        "  flag: yes\n"
        "  empty:\n"
        "  list: [1,\n    x]\n");
    auto haar = map.map("haar");
    CHECK(message_of([&] { haar.get_in("min_neighbors", 0, 100); }) ==
          "a.yaml:2:3: haar.min_neighbors = -3, expected a whole number in [0, 100]");
    CHECK(message_of([&] { haar.get_in("scale", 0.0, 2.0); }) ==
          "a.yaml:3:3: haar.scale = .nan, expected a finite number in [0, 2]");
    CHECK(message_of([&] { haar.get<double>("huge"); }) ==
          "a.yaml:4:3: haar.huge = 1e999, expected a finite number");
    CHECK(message_of([&] {
              haar.get_word("kind", {"gray", "bgr"});
          }) == "a.yaml:5:3: haar.kind = grey, expected one of gray, bgr");
    CHECK(message_of([&] { haar.get<int>("count"); }) ==
          "a.yaml:6:3: haar.count = 1.5, expected a whole number");
    CHECK(message_of([&] { haar.get<int>("quoted"); }) ==
          "a.yaml:7:3: haar.quoted = \"5\", expected a whole number");
    CHECK(message_of([&] { haar.get<bool>("flag"); }) ==
          "a.yaml:8:3: haar.flag = yes, expected true or false");
    CHECK(message_of([&] { haar.get<std::string>("empty"); }) ==
          "a.yaml:9:3: haar.empty = nothing, expected text");
    CHECK(message_of([&] { haar.get<std::vector<double>>("list"); }) ==
          "a.yaml:11:5: haar.list[1] = x, expected a finite number");
    CHECK(message_of([&] { haar.get<std::vector<double>>("flag"); }) ==
          "a.yaml:8:3: haar.flag = yes, expected a list, each item a finite number");
    CHECK(message_of([&] { haar.get<int>("list"); }) ==
          "a.yaml:10:3: haar.list = a list, expected a whole number");
    CHECK(message_of([&] { map.maps("haar"); }) ==
          "a.yaml:1:1: haar = a mapping, expected a list of mappings");
    CHECK(message_of([&] { haar.map("flag"); }) ==
          "a.yaml:8:3: haar.flag = yes, expected a mapping of keys to values");
    CHECK(message_of([&] { haar.fail("count", "expected better"); }) ==
          "a.yaml:6:3: haar.count = 1.5, expected better");
}

TEST_CASE("Integers and their limits are exact") {
    auto map = parse("a: 2147483647\nb: 2147483648\nc: 100\nd: 101\n");
    CHECK(map.get<int>("a") == 2147483647);
    CHECK_FALSE(message_of([&] { map.get<int>("b"); }).empty());
    CHECK(map.get_in("c", 0, 100) == 100);
    CHECK_FALSE(message_of([&] { map.get_in("d", 0, 100); }).empty());
}

TEST_CASE("A missing key is reported at its parent with a similar key that is present") {
    auto map = parse("first: 1\nhaar:\n  min_neighbours: 3\n");
    auto haar = map.map("haar");
    CHECK(message_of([&] { haar.get_in("min_neighbors", 0, 100); }) ==
          "a.yaml:2:1: haar.min_neighbors is missing, expected a whole number in [0, 100]; "
          "is min_neighbours meant for it?");
    CHECK(message_of([&] { map.map("absent").get<int>("x"); }) ==
          "a.yaml:1:1: absent.x is missing, expected a whole number");
}

TEST_CASE("A key that was never read is rejected with the most similar known key") {
    auto map = parse("epochs: 5\nlist:\n  - learning_rat: 1\nx: 2\n");
    CHECK(map.get("epochs", 1) == 5);
    auto items = map.maps("list");
    REQUIRE(items.size() == 1);
    CHECK(items[0].get("learning_rate", 1) == 1);
    CHECK(message_of([&] { items[0].finish(); }) ==
          "a.yaml:3:5: list[0].learning_rat is not known here, did you mean learning_rate?");
    CHECK(message_of([&] { map.finish(); }) == message_of([&] { items[0].finish(); }));
    CHECK(items[0].get("learning_rat", 1) == 1);
    CHECK(message_of([&] { map.finish(); }) ==
          "a.yaml:4:1: x is not known here, expected one of epochs, list");
    CHECK(map.get<int>("x") == 2);
    map.finish();
}

TEST_CASE("Missing mappings read as empty and keys can be listed") {
    auto map = parse("b: {x: 1}\na: 2\n");
    CHECK(map.map("none").keys().empty());
    CHECK(map.map("none").get("x", 4) == 4);
    CHECK(map.maps("none").empty());
    CHECK(map.keys() == std::vector<std::string>{"b", "a"});
    CHECK(map.has("b"));
    CHECK_FALSE(map.has("x"));
    CHECK(map.is_map("b"));
    CHECK_FALSE(map.is_map("a"));
    CHECK_FALSE(map.is_list("b"));
    CHECK(parse("a: [1]").is_list("a"));
}

TEST_CASE("Duplicate keys are rejected at any depth") {
    CHECK(parse_error("a: 1\nb: 2\na: 3\n") == "a.yaml:3:1: a is given twice, first in line 1");
    CHECK(parse_error("a: 1\nb:\n  - {c: 1, c: 2}\n") == "a.yaml:3:12: c is given twice, first in line 3");
}

TEST_CASE("Text other than one plain mapping is rejected") {
    CHECK(parse_error("") == "a.yaml:1:1: holds nothing, expected a mapping of keys to values");
    CHECK_THAT(parse_error("- 1\n"), ContainsSubstring("holds a list"));
    CHECK_THAT(parse_error("a: &x 1\nb: 2\n"), ContainsSubstring("a.yaml:1:4: an anchor"));
    CHECK_THAT(parse_error("a: [*x]\n"), ContainsSubstring("a.yaml:1:"));
    CHECK_THAT(parse_error("a: !!int 1\n"), ContainsSubstring("a tag"));
    CHECK_THAT(parse_error("a: 1\n---\nb: 2\n"), ContainsSubstring("a second document"));
    CHECK_THAT(parse_error("? [a]\n: 2\n"), ContainsSubstring("a key is a list"));
    CHECK_THAT(parse_error(": 2\n"), ContainsSubstring("a key is missing"));
    CHECK_THAT(parse_error("a: [1\nb: 2\n"), ContainsSubstring("not valid YAML"));
    CHECK_THAT(parse_error("a: b: c\n"), ContainsSubstring("a.yaml:1:"));
}

TEST_CASE("Text must be UTF-8") {
    for (const char* text : {"a", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xed\x9f\xbf"})
        CHECK(parse("a: " + std::string(text)).get<std::string>("a") == text);
    for (const char* text : {"\x80", "\xc0\x80", "\xc3", "\xe0\x80\x80", "\xe2\x82", "\xed\xa0\x80",
                             "\xf5\x80\x80\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xff"})
        CHECK(parse_error("b: 1\na: " + std::string(text) + "\n") ==
              "a.yaml:2:1: is not UTF-8 text from this line on");
    for (const char* escape : {"\\N", "\\_"})
        CHECK(parse_error("a: \"x" + std::string(escape) + "\"") ==
              "a.yaml:1:4: \\N and \\_ cannot be read here, expected the character itself");
    CHECK(parse("a: \"\\x85\"").get<std::string>("a") == "\xc2\x85");
}

TEST_CASE("Excessive sizes are rejected before they cost anything") {
    CHECK_THAT(parse_error("a: " + std::string(20, '[') + std::string(20, ']')),
               ContainsSubstring("a.yaml:1:19: more than 16 lists"));
    CHECK_FALSE(parse_error("a: " + std::string(100000, '[')).empty());
    CHECK_FALSE(parse_error("a: " + std::string(100000, '{')).empty());
    CHECK_THAT(parse_error(std::string(YamlMap::kMaxBytes + 1, ' ')),
               ContainsSubstring("expected at most 1048576"));
    const auto long_value = message_of([] { parse("a: " + std::string(5000, 'x')).get<int>("a"); });
    CHECK(long_value.size() < 150);
    CHECK(message_of([] { parse("a: \"x\\n\\ty\"").get<int>("a"); }).find('\n') == std::string::npos);
}

TEST_CASE("A range may exclude its ends") {
    CHECK(Range{0, 10}.text() == "[0, 10]");
    CHECK(Range{0, 0.5, true, true}.text() == "(0, 0.5)");
    CHECK(Range{1.01, 10000}.text() == "[1.01, 10000]");
    CHECK(Range{0, 1, true, false}.text() == "(0, 1]");
    const Range closed{0, 1}, open{0, 1, true, true};
    for (const double end : {0.0, 1.0}) {
        CHECK(closed.contains(end));
        CHECK_FALSE(open.contains(end));
    }
    CHECK(open.contains(0.5));
    CHECK_FALSE(closed.contains(std::nan("")));
    auto map = parse("share: 0\n");
    CHECK(message_of([&] { map.get_in("share", 0.5, open); }) ==
          "a.yaml:1:1: share = 0, expected a finite number in (0, 1)");
    CHECK(map.get_in("other", 0.5, open) == 0.5);
}

}  // namespace yaml_map_test
