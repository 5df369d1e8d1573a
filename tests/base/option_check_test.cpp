#include "base/option_check.hpp"

#include <cmath>

#include "base/error.hpp"
#include "support/catch.hpp"

namespace option_check_test {

using namespace emotion;

TEST_CASE("An invalid option is reported with its value and what was expected") {
    CHECK_NOTHROW(check_option("rate", 0.25, true, "a positive number"));
    CHECK_THROWS_WITH(check_option("rate", -0.25, false, "a positive number"),
                      "rate = -0.25, expected a positive number");
}

TEST_CASE("A range includes its ends and no NaN") {
    CHECK_NOTHROW(check_range("share", 0, 0, 0.5));
    CHECK_NOTHROW(check_range("share", 0.5, 0, 0.5));
    CHECK_THROWS_WITH(check_range("share", 0.6, 0, 0.5), "share = 0.6, expected a number in [0, 0.5]");
    CHECK_THROWS_WITH(check_range("wait_s", -1, 0, 100000, "seconds"),
                      "wait_s = -1, expected seconds in [0, 100000]");
    CHECK_THROWS_AS(check_range("share", std::nan(""), 0, 0.5), ConfigError);
}

}  // namespace option_check_test
