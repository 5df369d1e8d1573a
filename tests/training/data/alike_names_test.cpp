#include "training/data/alike_names.hpp"

#include "support/catch.hpp"

namespace alike_names_test {

using emotion::training::alike_names;

TEST_CASE("Names that differ only by blanks, case or the form of accents are reported") {
    const std::vector<std::vector<std::string>> alike{
        {"happy", "happy "},
        {"happy", " Happy\t"},
        {"happy", "happy\xc2\xa0"},
        {"Fr\xc3\xb6hlich", "fro\xcc\x88hlich"},  // precomposed, and with a combining mark
        {"\xc3\x84rger", "A\xcc\x88rger", "\xc3\xa4rger"},
        {"\xc5\x9amiech", "s\xcc\x81miech"},        // Polish
        {"\xd0\xa1\xd0\xa2", "\xd1\x81\xd1\x82"}};  // Cyrillic
    for (const auto& names : alike) {
        INFO(names.back());
        const auto lines = alike_names(names);
        REQUIRE(lines.size() == 1);
        CHECK_THAT(lines[0],
                   ContainsSubstring("are different classes") && ContainsSubstring("the same name"));
    }
    CHECK_THAT(alike_names({"fear", "happy", "Happy", "happy "}).at(0),
               ContainsSubstring("\"happy\", \"Happy\" and \"happy \" are different classes"));
}

TEST_CASE("Names that look different are not reported") {
    CHECK(alike_names({}).empty());
    for (const auto& names :
         std::vector<std::vector<std::string>>{{"happy", "fear", "surprise"},
                                               {"joie", "joi\xc3\xa9"},     // an accent is a difference
                                               {"a\xcc\x81", "a\xcc\x80"},  // so are two of them
                                               {"not happy", "nothappy"},
                                               {"\xe5\x96\x9c", "\xe6\x80\x92"},  // Chinese
                                               {"\xff", "\xfe"},                  // not UTF-8
                                               {"", "happy"}})
        CHECK(alike_names(names).empty());
}

}  // namespace alike_names_test
