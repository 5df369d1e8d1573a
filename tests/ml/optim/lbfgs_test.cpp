#include "ml/optim/lbfgs.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <vector>

#include "support/catch.hpp"

namespace lbfgs_test {

using namespace emotion::ml;

namespace {

/// The Rosenbrock function, with its minimum 0 at (1, 1).
double rosenbrock(std::span<const double> x, std::span<double> gradient) {
    const double a = 1.0 - x[0], b = x[1] - x[0] * x[0];
    gradient[0] = -2.0 * a - 400.0 * x[0] * b;
    gradient[1] = 200.0 * b;
    return a * a + 100.0 * b * b;
}

}  // namespace

TEST_CASE("L-BFGS follows a curved valley to the minimum") {
    std::vector<double> x{-1.2, 1.0};
    double last = std::numeric_limits<double>::infinity();
    const auto summary = minimize_lbfgs(rosenbrock, x, {.gradient_tolerance = 1e-8},
                                        [&](int, double value, std::span<const double>) {
                                            CHECK(value < last);
                                            last = value;
                                            return true;
                                        });
    CHECK(summary.status == LbfgsStatus::kConverged);
    CHECK(summary.iterations < 60);
    CHECK(x[0] == Approx(1.0).epsilon(1e-6));
    CHECK(x[1] == Approx(1.0).epsilon(1e-6));
}

TEST_CASE("L-BFGS solves an ill-conditioned quadratic in many dimensions") {
    const auto quadratic = [](std::span<const double> x, std::span<double> gradient) {
        double value = 0.0;
        for (std::size_t j = 0; j < x.size(); ++j) {
            const double curvature = std::pow(10.0, 4.0 * static_cast<double>(j) / 99.0), offset = x[j] - 1.0;
            gradient[j] = curvature * offset;
            value += 0.5 * curvature * offset * offset;
        }
        return value;
    };
    std::vector<double> x(100, 0.0);
    const auto summary = minimize_lbfgs(quadratic, x, {.gradient_tolerance = 1e-6});
    CHECK(summary.status == LbfgsStatus::kConverged);
    for (const double value : x) CHECK(value == Approx(1.0).epsilon(1e-5));
}

TEST_CASE("L-BFGS uses slopes where noise dominates the values") {
    for (const double value_noise : {0.0, 1e-4}) {
        int evaluations = 0;
        const auto rising = [&](std::span<const double> x, std::span<double> gradient) {
            return 1.0 + rosenbrock(x, gradient) + 1e-6 * ++evaluations;
        };
        std::vector<double> x{1.0005, 1.001};
        const auto summary =
            minimize_lbfgs(rising, x, {.gradient_tolerance = 1e-8, .value_noise = value_noise});
        CHECK(summary.status == (value_noise > 0.0 ? LbfgsStatus::kConverged : LbfgsStatus::kNoDescent));
    }
}

TEST_CASE("L-BFGS reports why it stopped") {
    CHECK(LbfgsSummary{}.status == LbfgsStatus::kNotRun);
    std::vector<double> x{-1.2, 1.0};
    CHECK(minimize_lbfgs(rosenbrock, x, {.max_iterations = 3}).status == LbfgsStatus::kMaxIterations);
    const auto stopped = minimize_lbfgs(
        rosenbrock, x, {}, [](int iteration, double, std::span<const double>) { return iteration < 2; });
    CHECK(stopped.status == LbfgsStatus::kStopped);
    CHECK(stopped.iterations == 2);
    std::vector<double> minimum{1.0, 1.0};
    const auto done = minimize_lbfgs(rosenbrock, minimum, {});
    CHECK(done.status == LbfgsStatus::kConverged);
    CHECK(done.iterations == 0);
    const auto never = [](std::span<const double>, std::span<double> gradient) {
        gradient[0] = gradient[1] = 1.0;
        return std::nan("");
    };
    CHECK(minimize_lbfgs(never, x, {}).status == LbfgsStatus::kNoDescent);
    CHECK_THROWS_AS(minimize_lbfgs(rosenbrock, x, {.history = 0}), std::invalid_argument);
}

}  // namespace lbfgs_test
