#include "faces/one_euro_filter.hpp"

#include <cmath>
#include <numbers>

#include "support/catch.hpp"

namespace one_euro_filter_test {

using namespace emotion;
using namespace emotion::faces;

namespace {

constexpr double kStep = 1.0 / 30;

}  // namespace

TEST_CASE("a filter starts with the first value and keeps it at rest") {
    OneEuroFilter filter(7.0, 0.2);
    CHECK(filter.value() == 7.0);
    for (int i = 0; i < 10; ++i) filter.update(7.0, kStep, 1.0);
    CHECK(filter.value() == 7.0);
    CHECK(filter.speed() == 0.0);
}

TEST_CASE("a filter without a time constant passes every value") {
    OneEuroFilter filter(0.0, 0.0);
    for (const double value : {3.0, -8.0, 0.5}) {
        filter.update(value, kStep, 1.0);
        CHECK(filter.value() == value);
    }
}

TEST_CASE("the step response at rest is that of a first-order filter") {
    constexpr double kConstant = 0.2, kStepUp = 1e-6;  // so small that its speed is negligible
    OneEuroFilter filter(0.0, kConstant);
    for (int i = 0; i < 200; ++i) filter.update(kStepUp, kConstant / 200, 1.0);
    CHECK(filter.value() / kStepUp == Approx(1.0 - std::exp(-1.0)).margin(0.01));
}

TEST_CASE("the speed of steady motion is measured and the lag is 4 % of a unit") {
    OneEuroFilter filter(0.0, 0.2);
    constexpr double kUnit = 100.0, kUnitsPerSecond = 3.0;
    double value = 0.0;
    for (int i = 1; i <= 150; ++i) filter.update(value = kUnitsPerSecond * kUnit * i * kStep, kStep, kUnit);
    CHECK(filter.speed() == Approx(kUnitsPerSecond).epsilon(1e-3));
    const double lag = (value - filter.value()) / kUnit;
    CHECK(lag > 0.0);
    CHECK(lag < 1.0 / (2.0 * std::numbers::pi * 4.0));
}

TEST_CASE("a second value at the same time changes neither value nor speed") {
    OneEuroFilter filter(1.0, 0.2);
    filter.update(2.0, kStep, 1.0);
    const double value = filter.value(), speed = filter.speed();
    filter.update(50.0, 0.0, 1.0);
    CHECK(filter.value() == value);
    CHECK(filter.speed() == speed);
}

}  // namespace one_euro_filter_test
