#include "base/one_line.hpp"

#include "support/catch.hpp"

namespace one_line_test {

using emotion::lower_case;
using emotion::one_line;
using emotion::utf8_prefix;
using emotion::valid_utf8;

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

TEST_CASE("Bytes that are no UTF-8 are replaced one by one") {
    const std::string whole = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf", gap = "\xef\xbf\xbd";
    CHECK(valid_utf8(whole) == whole);
    CHECK(valid_utf8("l\xe9.mp4") == "l" + gap + ".mp4");
    CHECK(valid_utf8("\xc3") == gap);
    CHECK(valid_utf8("\xe2\x82x") == gap + gap + "x");
    for (const std::string wrong : {"\xc0\x80", "\xc1\xbf", "\xf8\x88"})
        CHECK(valid_utf8(wrong) == gap + gap);
    for (const std::string wrong : {"\xe0\x9f\xbf", "\xed\xa0\x80"})  // too long a form, half a pair
        CHECK(valid_utf8(wrong) == gap + gap + gap);
    for (const std::string wrong : {"\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80"})
        CHECK(valid_utf8(wrong) == gap + gap + gap + gap);
}

TEST_CASE("Lower case changes ASCII letters alone") {
    CHECK(lower_case("A-z.JPG\xc3\x89") == "a-z.jpg\xc3\x89");
}

}  // namespace one_line_test
