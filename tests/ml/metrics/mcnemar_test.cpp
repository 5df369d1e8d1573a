#include "ml/metrics/mcnemar.hpp"

#include <stdexcept>

#include "support/catch.hpp"

namespace mcnemar_test_test {

using namespace emotion::ml;

TEST_CASE("Few discordant answers are judged by the binomial distribution") {
    const auto one_to_nine = mcnemar_test(1, 9);
    CHECK(one_to_nine.exact);
    CHECK(one_to_nine.p_value == Approx(22.0 / 1024.0));  // twice 1 + 10 of 2^10 ways
    CHECK(mcnemar_test(9, 1).p_value == one_to_nine.p_value);
    CHECK(mcnemar_test(7, 17).p_value == Approx(0.06391465663909912));
    CHECK(mcnemar_test(5, 5).p_value == 1.0);
    CHECK(mcnemar_test(0, 0).p_value == 1.0);
}

TEST_CASE("Many discordant answers are judged by the corrected chi-squared statistic") {
    const auto result = mcnemar_test(10, 30);
    CHECK_FALSE(result.exact);
    CHECK(result.p_value == Approx(0.002663119259));  // (20 - 1)^2 / 40 = 9.025
    CHECK(mcnemar_test(20, 20).p_value == 1.0);
    CHECK(mcnemar_test(100000, 200000).p_value == Approx(0.0).margin(1e-300));
}

TEST_CASE("A negative count throws") {
    CHECK_THROWS_AS(mcnemar_test(-1, 3), std::invalid_argument);
}

}  // namespace mcnemar_test_test
