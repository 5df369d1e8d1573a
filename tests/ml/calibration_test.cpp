#include "ml/calibration.hpp"

#include <cmath>
#include <vector>

#include "base/random.hpp"
#include "support/catch.hpp"

using namespace emotion::ml;

TEST_CASE("A temperature fitted to one logit undoes its exaggeration") {
    emotion::Random random(3);
    std::vector<float> logits;
    std::vector<int> labels;
    for (int i = 0; i < 20000; ++i) {
        const double honest = 2.0 * random.normal();
        labels.push_back(random.uniform() < 1.0 / (1.0 + std::exp(-honest)) ? 1 : 0);
        logits.push_back(static_cast<float>(3.0 * honest));
    }
    CHECK(fit_temperature(logits, 1, labels) == Approx(3.0).epsilon(0.05));
}

TEST_CASE("Two outputs and their difference as one logit get the same temperature") {
    const std::vector<float> one{2.0f, -1.0f, 0.5f, 3.0f, -2.0f};
    const std::vector<float> two{1.0f, 3.0f, 0.5f, -0.5f, 0.0f, 0.5f, -2.0f, 1.0f, 1.0f, -1.0f};
    const std::vector<int> labels{1, 0, 0, 1, 1};
    CHECK(fit_temperature(two, 2, labels) == Approx(fit_temperature(one, 1, labels)));
}

TEST_CASE("The fitted temperature has a lower loss than its neighbours") {
    const std::vector<float> logits{4, 0, 1, 0, 3, 1, 2, 2, 5, 0, 3, 0};
    const std::vector<int> labels{0, 2, 2, 1};
    const double fitted = fit_temperature(logits, 3, labels);
    const auto loss = [&](double temperature) {
        double sum = 0.0;
        for (std::size_t i = 0; i < labels.size(); ++i) {
            double total = 0.0;
            for (std::size_t k = 0; k < 3; ++k) total += std::exp(logits[3 * i + k] / temperature);
            sum += std::log(total) - logits[3 * i + labels[i]] / temperature;
        }
        return sum;
    };
    CHECK(loss(fitted) < loss(1.02 * fitted));
    CHECK(loss(fitted) < loss(fitted / 1.02));
}

TEST_CASE("A model that is always right or always wrong gets a temperature at its limit") {
    const std::vector<float> logits{1.0f, -1.0f};
    CHECK(fit_temperature(logits, 1, std::vector<int>{1, 0}) == Approx(0.05));
    CHECK(fit_temperature(logits, 1, std::vector<int>{0, 1}) == Approx(20.0));
    CHECK_THROWS_AS(fit_temperature(logits, 1, std::vector<int>{0, 2}), std::invalid_argument);
    CHECK_THROWS_AS(fit_temperature(logits, 2, std::vector<int>{0, 1}), std::invalid_argument);
}

TEST_CASE("The threshold is the lowest from which the stated share is right") {
    const std::vector<double> confidence{0.9, 0.6, 0.8, 0.7, 0.95};
    const std::vector<std::uint8_t> right{1, 0, 0, 1, 1};
    // From above: 1/1, 2/2, 2/3, 3/4, 3/5.
    CHECK(*threshold_for_precision(confidence, right, 1.0) == 0.9);
    CHECK(*threshold_for_precision(confidence, right, 0.75) == 0.7);
    CHECK(*threshold_for_precision(confidence, right, 0.6) == 0.6);
}

TEST_CASE("Answers of the same confidence stand or fall together") {
    const std::vector<double> confidence{0.8, 0.8};
    CHECK_FALSE(threshold_for_precision(confidence, std::vector<std::uint8_t>{1, 0}, 0.9));
    CHECK_FALSE(threshold_for_precision({}, {}, 0.5));
}
