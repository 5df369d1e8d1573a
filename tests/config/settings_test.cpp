#include "config/settings.hpp"

#include "base/error.hpp"
#include "config/yaml_map.hpp"
#include "support/catch.hpp"

namespace settings_test {

using namespace emotion;
using namespace emotion::config;

namespace {

struct Oven {
    double heat_c = 180.0;
    int trays = 2;
    std::filesystem::path book;
};

SettingsSection settings_of(Oven& oven) {
    return {"oven",
            "Baking.",
            {{"heat_c", &oven.heat_c, {0, 300, true}, "Heat inside."},
             {"trays", &oven.trays, {1, 4}, "Trays at a time."},
             {"book", &oven.book, {}, "Book of recipes; \"\": none."}}};
}

std::string yaml_of(Oven oven) {
    return settings_yaml(settings_of(oven));
}

Oven read(const std::string& text) {
    auto map = YamlMap::read_text(text, "a.yaml");
    Oven oven;
    read_settings(map, settings_of(oven), "/kitchen");
    map.finish();
    return oven;
}

}  // namespace

TEST_CASE("A section of settings is read, with defaults for missing keys") {
    const auto oven = read("oven:\n  trays: 3\n  book: own/cakes.txt\n");
    CHECK(oven.heat_c == 180.0);
    CHECK(oven.trays == 3);
    CHECK(oven.book == "/kitchen/own/cakes.txt");
    CHECK(read("oven: {book: /cakes.txt}").book == "/cakes.txt");
    CHECK(read("oven: {book: \"\"}").book.empty());
}

TEST_CASE("A setting out of range is reported with its position in the file, or by its name alone") {
    CHECK_THROWS_WITH(read("oven:\n  heat_c: 0\n"),
                      "a.yaml:2:3: oven.heat_c = 0, expected a finite number in (0, 300]");
    CHECK_THROWS_WITH(read("oven: {trays: 5}"),
                      "a.yaml:1:8: oven.trays = 5, expected a whole number in [1, 4]");
    CHECK_THROWS_WITH(read("oven: {tray: 2}"), ContainsSubstring("did you mean trays?"));
    Oven oven;
    check_settings(settings_of(oven));
    oven.heat_c = 300.5;
    CHECK_THROWS_WITH(check_settings(settings_of(oven)),
                      "oven.heat_c = 300.5, expected a number in (0, 300]");
    oven = {};
    oven.trays = 0;
    CHECK_THROWS_WITH(check_settings(settings_of(oven)), "oven.trays = 0, expected a whole number in [1, 4]");
}

TEST_CASE("Settings are printed with their meaning, as YAML that reads back and as table rows") {
    Oven oven{200.25, 1, "/a \"b\""};
    CHECK(yaml_of(oven) ==
          "# Baking.\noven:\n  # (0, 300]: Heat inside.\n  heat_c: 200.25\n"
          "  # [1, 4]: Trays at a time.\n  trays: 1\n"
          "  # Book of recipes; \"\": none.\n  book: \"/a \\\"b\\\"\"\n");
    CHECK(yaml_of(read(yaml_of(oven))) == yaml_of(oven));
    CHECK(settings_table(settings_of(oven)) ==
          "| setting | default | range | meaning |\n|---|---|---|---|\n"
          "| `oven.heat_c` | `200.25` | (0, 300] | Heat inside. |\n"
          "| `oven.trays` | `1` | [1, 4] | Trays at a time. |\n"
          "| `oven.book` | `\"/a \\\"b\\\"\"` | a file | Book of recipes; \"\": none. |\n");
}

TEST_CASE("Long texts are wrapped between words") {
    CHECK(wrapped("short", "# ") == "# short\n");
    const std::string word(30, 'w');
    CHECK(wrapped(word + " " + word + " " + word + " ends", "  # ") ==
          "  # " + word + " " + word + " " + word + "\n  # ends\n");
}

}  // namespace settings_test
