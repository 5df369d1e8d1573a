#include "ml/optim/learning_rate.hpp"

#include <stdexcept>

#include "support/catch.hpp"

namespace learning_rate_test {

using namespace emotion::ml;

TEST_CASE("One cycle rises to its peak and falls to nearly zero") {
    const auto rate = [](int step) { return learning_rate({.peak = 2.0}, step, 101); };
    CHECK(rate(0) == Approx(0.08));
    CHECK(rate(15) == Approx(1.04));  // halfway up
    CHECK(rate(30) == Approx(2.0));
    CHECK(rate(65) == Approx(1.0).epsilon(1e-4));
    CHECK(rate(100) == Approx(8e-6));
}

TEST_CASE("A cycle may consist of falling or rising only") {
    CHECK(learning_rate({.peak = 2.0, .warmup = 0.0}, 0, 1) == 2.0);
    CHECK(learning_rate({.peak = 2.0, .warmup = 0.0}, 0, 10) == 2.0);
    CHECK(learning_rate({.peak = 2.0, .warmup = 1.0}, 9, 10) == 2.0);
}

TEST_CASE("There is no learning rate beyond the training") {
    CHECK_THROWS_AS(learning_rate({}, 10, 10), std::invalid_argument);
    CHECK_THROWS_AS(learning_rate({}, -1, 10), std::invalid_argument);
}

}  // namespace learning_rate_test
