#include "base/display_width.hpp"

#include "support/catch.hpp"

namespace display_width_test {

using namespace emotion;

TEST_CASE("The width of a text is that of its characters on a terminal") {
    CHECK(display_width("") == 0);
    CHECK(display_width("happy") == 5);
    CHECK(display_width("gl\u00fccklich") == 9);
    CHECK(display_width("glu\u0308cklich") == 9);  // the same with a combining mark
    CHECK(display_width("\u0441\u0442\u0440\u0430\u0445") == 5);
    CHECK(display_width("\u6050\u6016") == 4);
    CHECK(display_width("\u304b\u3099") == 2);  // wide, with a combining mark
    CHECK(display_width("\ud589\ubcf5") == 4);
    CHECK(display_width("\U0001f600!") == 3);
    CHECK(display_width("\uff21\uff71") == 3);  // full width and half width
}

TEST_CASE("Each byte that is not UTF-8 takes a column") {
    CHECK(display_width("\xff\xfe") == 2);
    CHECK(display_width("a\xc3") == 2);
    CHECK(display_width("\xe6\x81"
                        "b") == 3);
    CHECK(display_width("\x81\x81") == 2);
}

TEST_CASE("Texts are aligned by their width") {
    CHECK(left_aligned("\u6050\u6016", 6) == "\u6050\u6016  ");
    CHECK(right_aligned("gl\u00fccklich", 11) == "  gl\u00fccklich");
    CHECK(left_aligned("surprise", 3) == "surprise");
    CHECK(right_aligned("", 2) == "  ");
}

TEST_CASE("A beginning ends before the character that no longer fits") {
    CHECK(display_prefix("\u6050\u6016", 3) == "\u6050");
    CHECK(display_prefix("u\u0308ber", 1) == "u\u0308");
    CHECK(display_prefix("happy", 9) == "happy");
    CHECK(display_prefix("happy", 0).empty());
}

}  // namespace display_width_test
