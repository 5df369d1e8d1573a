#include "base/option_check.hpp"

#include "base/error.hpp"
#include "support/catch.hpp"

namespace option_check_test {

using namespace emotion;

TEST_CASE("An invalid option is reported with its value and what was expected") {
    CHECK_NOTHROW(check_option("rate", 0.25, true, "a positive number"));
    CHECK_THROWS_WITH(check_option("rate", -0.25, false, "a positive number"),
                      "rate = -0.25, expected a positive number");
    CHECK_THROWS_AS(check_option("rate", -0.25, false, "a positive number"), ConfigError);
}

}  // namespace option_check_test
