#include "ml/metrics/calibration.hpp"

#include <cmath>
#include <span>
#include <stdexcept>
#include <vector>

#include "base/random.hpp"
#include "support/catch.hpp"

namespace calibration_test {

using namespace emotion::ml;

namespace {

/// Predictions of a two-class model whose calibrated logits were scaled and shifted.
void exaggerate(double factor, double shift, std::vector<float>& logits, std::vector<int>& labels) {
    emotion::Random random(3);
    for (int i = 0; i < 20000; ++i) {
        const double honest = 2.0 * random.normal();
        labels.push_back(random.uniform() < 1.0 / (1.0 + std::exp(-honest)) ? 1 : 0);
        logits.push_back(static_cast<float>(factor * (honest - shift)));
    }
}

}  // namespace

TEST_CASE("A fitted temperature undoes exaggeration") {
    std::vector<float> logits;
    std::vector<int> labels;
    exaggerate(3.0, 0.0, logits, labels);
    const auto calibration = fit_calibration(logits, 1, labels);
    CHECK(calibration.temperature == Approx(3.0).epsilon(0.05));
    CHECK(calibration.bias.at(1) == Approx(0.0).margin(0.05));
}

TEST_CASE("Calibration by distributions recovers the logits that generated them") {
    // Targets are softmax(2 z + b), b = (0, 0.5, -1): the minimum is at temperature 1/2 and bias b.
    emotion::Random random(3);
    std::vector<float> logits, targets;
    const double bias[] = {0.0, 0.5, -1.0};
    for (int i = 0; i < 400; ++i) {
        double scaled[3], sum = 0.0;
        for (int k = 0; k < 3; ++k) {
            logits.push_back(static_cast<float>(random.normal()));
            scaled[k] = std::exp(2.0 * logits.back() + bias[k]);
            sum += scaled[k];
        }
        for (const double share : scaled) targets.push_back(static_cast<float>(share / sum));
    }
    const auto calibration = fit_calibration(logits, 3, std::span<const float>(targets));
    CHECK(calibration.temperature == Approx(0.5).epsilon(1e-3));
    CHECK(calibration.bias[1] == Approx(0.5).margin(1e-3));
    CHECK(calibration.bias[2] == Approx(-1.0).margin(1e-3));
    CHECK_THROWS_AS(fit_calibration(logits, 3, std::span<const float>(targets).first(7)),
                    std::invalid_argument);
}

TEST_CASE("Calibration by distributions takes a label among some classes into account") {
    // The logits say class 1, the votes say class 2 or 0, the labels say 0 rather than 1.
    const std::vector<float> logits = {0.0f, 1.0f, 0.5f, 0.0f, 1.0f, 0.2f},
                             targets = {0.2f, 0.2f, 0.6f, 0.1f, 0.1f, 0.8f};
    const std::vector<int> labels = {0, 0};
    const std::vector<std::size_t> classes = {0, 1};
    const auto by_votes = fit_calibration(logits, 3, std::span<const float>(targets));
    const auto with_labels =
        fit_calibration(logits, 3, std::span<const float>(targets), {classes, labels, 1.0});
    const auto lead = [&](const Calibration& calibration) {
        return 1.0 / calibration.temperature + calibration.bias[1];
    };
    CHECK(lead(by_votes) == Approx(0.0).margin(0.01));
    CHECK(lead(with_labels) < -0.5);
    const std::vector<std::size_t> beyond = {0, 3};
    CHECK_THROWS_AS(fit_calibration(logits, 3, std::span<const float>(targets), {beyond, labels, 1.0}),
                    std::invalid_argument);
}

TEST_CASE("A model whose answers are reversed is calibrated to about the shares of the classes") {
    // Three quarters of the pictures are of class 1, and their logits are the lower ones.
    for (const double scale : {0.01, 1.0, 100.0}) {
        std::vector<float> logits;
        std::vector<int> labels;
        emotion::Random random(3);
        for (int i = 0; i < 40; ++i) {
            labels.push_back(i % 4 == 0 ? 0 : 1);
            logits.push_back(static_cast<float>(scale * (3.0 - 2.0 * labels.back() + 0.3 * random.normal())));
        }
        const auto calibration = fit_calibration(logits, 1, labels);
        CHECK(calibration.temperature == 20.0);
        double mean = 0.0;
        for (const float logit : logits)
            mean += 1.0 / (1.0 + std::exp(-logit / calibration.temperature - calibration.bias[1])) / 40.0;
        CHECK(mean == Approx(0.75).margin(0.01));  // a fitted bias makes the mean that of the labels
    }
}

TEST_CASE("A fitted bias undoes a shift") {
    std::vector<float> logits;
    std::vector<int> labels;
    exaggerate(0.5, 0.7, logits, labels);
    const auto calibration = fit_calibration(logits, 1, labels);
    CHECK(calibration.temperature == Approx(0.5).epsilon(0.05));
    REQUIRE(calibration.bias.size() == 2);
    CHECK(calibration.bias[0] == 0.0);
    CHECK(calibration.bias[1] == Approx(0.7).margin(0.05));
}

TEST_CASE("Two outputs and their difference as one logit are calibrated alike") {
    const std::vector<float> one{2.0f, -1.0f, 0.5f, 3.0f, -2.0f};
    const std::vector<float> two{1.0f, 3.0f, 0.5f, -0.5f, 0.0f, 0.5f, -2.0f, 1.0f, 1.0f, -1.0f};
    const std::vector<int> labels{1, 0, 0, 1, 1};
    const auto a = fit_calibration(one, 1, labels), b = fit_calibration(two, 2, labels);
    CHECK(a.temperature == Approx(b.temperature));
    CHECK(a.bias[1] == Approx(b.bias[1]));
}

TEST_CASE("The calibration of three classes has a lower loss than nearby ones") {
    const std::vector<float> logits{4, 0, 1, 0, 3, 1, 2, 2, 5, 0, 3, 0, 1, 2, 2};
    const std::vector<int> labels{0, 2, 2, 1, 0};
    const auto fitted = fit_calibration(logits, 3, labels);
    const auto loss = [&](double temperature, const std::vector<double>& bias) {
        double sum = 0.0;
        for (std::size_t i = 0; i < labels.size(); ++i) {
            double total = 0.0;
            for (std::size_t k = 0; k < 3; ++k) total += std::exp(logits[3 * i + k] / temperature + bias[k]);
            const auto label = static_cast<std::size_t>(labels[i]);
            sum += std::log(total) - logits[3 * i + label] / temperature - bias[label];
        }
        return sum;
    };
    const double lowest = loss(fitted.temperature, fitted.bias);
    CHECK(lowest < loss(1.05 * fitted.temperature, fitted.bias));
    CHECK(lowest < loss(fitted.temperature / 1.05, fitted.bias));
    for (const std::size_t k : {1u, 2u})
        for (const double step : {-0.1, 0.1}) {
            auto moved = fitted.bias;
            moved[k] += step;
            CHECK(lowest < loss(fitted.temperature, moved));
        }
}

TEST_CASE("A model that is always right or always wrong gets a temperature within the limits") {
    const std::vector<float> logits{1.0f, -1.0f};
    const auto right = fit_calibration(logits, 1, std::vector<int>{1, 0});
    CHECK(right.temperature >= 0.05);
    CHECK(right.temperature < 0.3);
    CHECK(fit_calibration(logits, 1, std::vector<int>{0, 1}).temperature == Approx(20.0));
    CHECK_THROWS_AS(fit_calibration(logits, 1, std::vector<int>{0, 2}), std::invalid_argument);
    CHECK_THROWS_AS(fit_calibration(logits, 2, std::vector<int>{0, 1}), std::invalid_argument);
}

TEST_CASE("The threshold is the lowest one with the required precision") {
    const std::vector<double> confidence{0.9, 0.6, 0.8, 0.7, 0.95};
    const std::vector<std::uint8_t> right{1, 0, 0, 1, 1};
    // From above: 1/1, 2/2, 2/3, 3/4, 3/5.
    CHECK(*threshold_for_precision(confidence, right, 1.0) == 0.9);
    CHECK(*threshold_for_precision(confidence, right, 0.75) == 0.7);
    CHECK(*threshold_for_precision(confidence, right, 0.6) == 0.6);
}

TEST_CASE("Predictions of equal confidence are included together or not at all") {
    const std::vector<double> confidence{0.8, 0.8};
    CHECK_FALSE(threshold_for_precision(confidence, std::vector<std::uint8_t>{1, 0}, 0.9));
    CHECK_FALSE(threshold_for_precision({}, {}, 0.5));
}

}  // namespace calibration_test
