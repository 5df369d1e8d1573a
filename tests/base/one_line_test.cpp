#include "base/one_line.hpp"

#include "support/catch.hpp"

namespace one_line_test {

using emotion::lower_case;
using emotion::one_line;
using emotion::utf8_prefix;

TEST_CASE("Untrusted text is cut and stripped of control characters") {
    CHECK(one_line("happy") == "happy");
    CHECK(one_line("a\nb\x1b[2J\x7f") == "a?b?[2J?");
    CHECK(one_line("abcdef", 6) == "abcdef");
    CHECK(one_line("abcdefg", 6) == "abcdef...");
    CHECK(one_line("", 0).empty());
}

TEST_CASE("A cut never splits a character") {
    CHECK(utf8_prefix("a\xc3\xa9z", 4) == "a\xc3\xa9z");
    CHECK(utf8_prefix("a\xc3\xa9z", 2) == "a");
    CHECK(one_line("a\xc3\xa9z", 2) == "a...");
    CHECK(one_line("a\xc3\xa9z", 3) == "a\xc3\xa9...");
    CHECK(one_line("\xf0\x9f\x98\x80", 3) == "...");
}

TEST_CASE("Lower case changes ASCII letters alone") {
    CHECK(lower_case("A-z.JPG\xc3\x89") == "a-z.jpg\xc3\x89");
}

}  // namespace one_line_test
