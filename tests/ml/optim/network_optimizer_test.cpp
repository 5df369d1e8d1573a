#include "ml/optim/network_optimizer.hpp"

#include <cmath>
#include <stdexcept>

#include "support/catch.hpp"

namespace network_optimizer_test {

using namespace emotion::ml;

namespace {

const std::vector<ParameterBlock> kBlocks = {{0, 0, 1, true}, {0, 1, 1, false}};

}

TEST_CASE("AdamW takes the steps of its paper") {
    NetworkOptimizer optimizer(AdamW{.beta1 = 0.9, .beta2 = 0.99, .epsilon = 1e-3, .weight_decay = 0.5},
                               kBlocks);
    std::vector<float> parameters = {2.0f, 2.0f};
    optimizer.step(parameters, std::vector<float>{4.0f, 4.0f}, 0.1);
    // Corrected moments are 4 and 16; the first parameter first shrinks by a twentieth.
    const double first = 0.1 * 4 / (4 + 1e-3);
    CHECK(parameters[0] == Approx(2 * 0.95 - first));
    CHECK(parameters[1] == Approx(2 - first));
    optimizer.step(parameters, std::vector<float>{-2.0f, -2.0f}, 0.1);
    const double mean = (0.9 * 0.4 - 0.1 * 2) / (1 - 0.81), squares = (0.99 * 0.16 + 0.01 * 4) / (1 - 0.9801);
    CHECK(parameters[1] == Approx(2 - first - 0.1 * mean / (std::sqrt(squares) + 1e-3)));
    CHECK(optimizer.steps() == 2);
}

TEST_CASE("Momentum is Nesterov's by default") {
    std::vector<float> nesterov = {1.0f, 1.0f}, classical = nesterov;
    NetworkOptimizer first(Sgd{.momentum = 0.5, .weight_decay = 0.1}, kBlocks);
    NetworkOptimizer second(Sgd{.momentum = 0.5, .nesterov = false, .weight_decay = 0.1}, kBlocks);
    const std::vector<float> gradient = {2.0f, 2.0f};
    for (int step = 0; step < 2; ++step) {
        first.step(nesterov, gradient, 0.1);
        second.step(classical, gradient, 0.1);
    }
    CHECK(classical[1] == Approx(1 - 0.1 * 2 - 0.1 * 3));  // velocities 2 and 3
    CHECK(nesterov[1] == Approx(1 - 0.1 * (2 + 1) - 0.1 * (2 + 1.5)));
    const double weight = 1 - 0.1 * 2.1, velocity = 0.5 * 2.1 + 2 + 0.1 * weight;
    CHECK(classical[0] == Approx(weight - 0.1 * velocity));
    const double ahead = 1 - 0.1 * 1.5 * 2.1, slope = 2 + 0.1 * ahead;
    CHECK(nesterov[0] == Approx(ahead - 0.1 * (slope + 0.5 * (0.5 * 2.1 + slope))));
}

TEST_CASE("An optimizer rejects parameters of another network") {
    NetworkOptimizer optimizer(AdamW{}, kBlocks);
    std::vector<float> parameters(3);
    CHECK_THROWS_AS(optimizer.step(parameters, parameters, 0.1), std::invalid_argument);
}

}  // namespace network_optimizer_test
