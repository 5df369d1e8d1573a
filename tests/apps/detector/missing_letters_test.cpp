#include "apps/detector/missing_letters.hpp"

#include <string>

#include "support/catch.hpp"

namespace missing_letters_test {

using emotion::apps::fonts_for;

TEST_CASE("Letters without a font come with the package that has them") {
    const std::string east_asian =
        " (Chinese, Japanese or Korean: install fonts-droid-fallback or fonts-noto-cjk)";
    CHECK(fonts_for({}).empty());
    CHECK(fonts_for({"\u6050", "\u6016"}) == "\u6050\u6016" + east_asian);
    CHECK(fonts_for({"\uacf5", "\u3053"}) == "\uacf5\u3053" + east_asian);
    CHECK(fonts_for({"\u0e01"}) == "\u0e01 (another script: install fonts-noto-core)");
    CHECK(fonts_for({"\u0e01", "\u6050", "\U0001f600", "\u0e02"}) ==
          "\u6050" + east_asian +
              ", \U0001f600 (symbols: install fonts-symbola), "
              "\u0e01\u0e02 (another script: install fonts-noto-core)");
}

}  // namespace missing_letters_test
