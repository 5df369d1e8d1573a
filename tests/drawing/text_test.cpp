#include "drawing/text.hpp"

#include <cstddef>
#include <string>
#include <thread>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "media/made_up_picture.hpp"
#include "support/catch.hpp"

namespace text_test {

using namespace emotion::drawing;
using emotion::test::same_bytes;

namespace {

cv::Rect ink(const cv::Mat& mask) {
    return cv::boundingRect(mask > 127);
}

bool same(const std::string& a, const std::string& b) {
    const cv::Mat first = text_mask(a, 20), second = text_mask(b, 20);
    return first.size() == second.size() && same_bytes(first, second);
}

}  // namespace

TEST_CASE("capital letters have the requested height and stand on the baseline") {
    for (const double height : {7.0, 10.0, 21.5, 40.0, 64.0}) {
        const cv::Mat mask = text_mask("HEH", height);
        INFO(height);
        CHECK(mask.type() == CV_8UC1);
        CHECK(ink(mask).height == Approx(height).margin(1.0 + 0.14 * height));
        CHECK(ink(mask).br().y == Approx(text_base(height)).margin(1.0));
        CHECK(text_mask("HEHHEH", height).cols > text_mask("HEH", height).cols);
        for (const std::string text : {"", "gjq", "\u00c5\u00dc", "x", "\u1ea8", "|"})
            CHECK(text_mask(text, height).rows == mask.rows);
    }
}

TEST_CASE("letters beyond ASCII are drawn") {
    if (font_name().empty()) SKIP_TEST("no font is installed, or the program was built without fonts");
    CHECK(missing_letters(
              "gl\u00fccklich \u0441\u0442\u0440\u0430\u0445 \u03c7\u03b1\u03c1\u03ac \u0141\u00f3d\u017a")
              .empty());
    // The rows above the u.
    const auto plain = ink(text_mask("gluck", 20)), accented = ink(text_mask("gl\u00fcck", 20));
    CHECK(plain.br() == accented.br());
    CHECK_FALSE(same("gluck", "gl\u00fcck"));
    CHECK(same("gl\u00fcck", "glu\u0308ck"));  // precomposed and combining
    CHECK_FALSE(same("\u0441\u0442\u0440\u0430\u0445", "?????"));
    CHECK_FALSE(same("\u0441\u0442\u0440\u0430\u0445", "\u0441\u0442\u0440\u0430\u0436"));
}

TEST_CASE("letters are shaped and ordered according to their script") {
    if (font_name().empty()) SKIP_TEST("no font is installed, or the program was built without fonts");
    const std::string seen = "\u0633", alef = "\u0627", meem = "\u0645";
    if (!missing_letters(seen + alef + meem).empty()) SKIP_TEST("no font with Arabic letters is installed");
    // Joined letters are narrower than isolated ones.
    CHECK(text_mask(meem + meem + meem, 20).cols < 3 * text_mask(meem, 20).cols);
    // Right to left except for numbers: the alef, a plain stroke, is on the right, the number on the left.
    for (const std::string digits : {"12", "1.8", "1,500", "12:30", "2026-01-31", "1/3"}) {
        INFO(digits);
        const cv::Mat line = text_mask(alef + " " + digits, 20), number = text_mask(digits, 20);
        REQUIRE(line.cols > number.cols);
        CHECK(same_bytes(line.colRange(0, ink(number).br().x).clone(),
                         number.colRange(0, ink(number).br().x).clone()));
    }
    // A unit is on the left of its number, which still reads from left to right.
    const cv::Mat duration = text_mask(alef + " 1.8 s", 20), swapped = text_mask("s 1.8", 20);
    REQUIRE(duration.cols > swapped.cols);
    CHECK(same_bytes(duration.colRange(0, ink(swapped).br().x).clone(),
                     swapped.colRange(0, ink(swapped).br().x).clone()));
    // A word between two words of the other direction stays between them.
    const cv::Mat mixed = text_mask("ab " + alef + " cd", 20), first = text_mask("ab", 20);
    CHECK(same_bytes(mixed.colRange(0, ink(first).br().x).clone(),
                     first.colRange(0, ink(first).br().x).clone()));
}

TEST_CASE("text of arbitrary bytes is handled") {
    std::vector<std::string> texts{"",
                                   std::string(3, '\0'),
                                   "\n\t",
                                   "\xff",
                                   "\xc3",
                                   "a\xe2\x82",
                                   "\xed\xa0\x80",
                                   std::string(2000, 'W'),
                                   "\u200f\u200d\ufe0f",
                                   "\U0001f600",
                                   "\U0010ffff"};
    for (int byte = 1; byte < 256; ++byte) texts.push_back(std::string(2, static_cast<char>(byte)));
    for (const auto& text : texts) {
        const cv::Mat mask = text_mask(text, 9.5);
        CHECK(mask.rows == text_mask("H", 9.5).rows);
        CHECK(mask.cols >= 1);
        CHECK(text_mask(shortened_text(text, 9.5, 30), 9.5).cols <= 30);
    }
}

TEST_CASE("characters that no font has are listed once") {
    using Letters = std::vector<std::string>;
    const std::string nobodys = "\ue0ff";  // for private use
    CHECK(missing_letters("plain ASCII 123").empty());
    if (font_name().empty())
        CHECK(missing_letters("a\u00fcb\u00fc\u00e9") == Letters{"\u00fc", "\u00e9"});
    else if (missing_letters(nobodys) == Letters{nobodys})
        CHECK(missing_letters("a" + nobodys + "b" + nobodys) == Letters{nobodys});
}

TEST_CASE("long text is shortened between characters") {
    const std::string name = "\u00fcber\u00fcberaus gl\u00fccklich und zufrieden";
    const int whole = text_mask(name, 12).cols;
    CHECK(shortened_text(name, 12, whole) == name);
    int before = 0;
    for (int width = 20; width < whole; width += 13) {
        const auto shorter = shortened_text(name, 12, width);
        INFO(width << ": " << shorter);
        const int cols = text_mask(shorter, 12).cols;
        CHECK(cols <= width);
        CHECK(cols >= before);
        before = cols;
        const auto ellipsis = shorter.find(font_name().empty() ? "..." : "\u2026");
        REQUIRE(ellipsis != std::string::npos);
        CHECK(name.starts_with(shorter.substr(0, ellipsis)));
        CHECK((static_cast<unsigned char>(name[ellipsis]) & 0xC0) != 0x80);  // the start of a character
        CHECK_FALSE(shorter[ellipsis == 0 ? 0 : ellipsis - 1] == ' ');
    }
    CHECK(shortened_text("happy", 12, 0).size() <= 3);
    CHECK(shortened_text("", 12, 0).empty());
}

TEST_CASE("several threads can draw the same text") {
    const std::vector<std::string> texts{"happy 93%", "fear", "\u0441\u0442\u0440\u0430\u0445", "unsure"};
    std::vector<cv::Mat> expected;
    for (const auto& text : texts) expected.push_back(text_mask(text, 17.5).clone());
    std::vector<int> right(4, 0);
    {
        std::vector<std::jthread> threads;
        for (std::size_t thread = 0; thread < right.size(); ++thread)
            threads.emplace_back([&, thread] {
                for (std::size_t i = 0; i < 40; ++i) {
                    text_mask("other " + std::to_string(i), 9.0);
                    right[thread] += same_bytes(text_mask(texts[i % 4], 17.5), expected[i % 4]);
                }
            });
    }
    CHECK(right == std::vector<int>(4, 40));
}

}  // namespace text_test
