#include "ml/optim/softmax_regression.hpp"

#include <cmath>
#include <stdexcept>
#include <vector>

#include "base/random.hpp"
#include "support/catch.hpp"

namespace softmax_regression_test {

using namespace emotion;
using namespace emotion::ml;

namespace {

/// Three classes around three centers in the plane; the second feature is scaled by 100.
struct Cloud {
    std::vector<float> features;
    std::vector<int> labels;

    explicit Cloud(int count) {
        Random random(3);
        const double centers[3][2] = {{0, 0}, {2, 0}, {0, 2}};
        for (int i = 0; i < count; ++i) {
            labels.push_back(i % 3);
            features.push_back(static_cast<float>(centers[i % 3][0] + random.normal()));
            features.push_back(static_cast<float>(100 * (centers[i % 3][1] + random.normal())));
        }
    }
};

Dense zeros(int inputs, int outputs) {
    return {outputs, std::vector<float>(static_cast<std::size_t>(inputs * outputs)),
            std::vector<float>(static_cast<std::size_t>(outputs))};
}

double mean_loss(const Cloud& cloud, const Dense& dense, const std::vector<float>& weights = {}) {
    double sum = 0.0, total = 0.0;
    for (std::size_t i = 0; i < cloud.labels.size(); ++i) {
        double all = 0.0, truth = 0.0;
        for (int k = 0; k < dense.outputs; ++k) {
            double z = dense.bias[static_cast<std::size_t>(k)];
            for (int j = 0; j < 2; ++j)
                z += double{dense.weights[static_cast<std::size_t>(2 * k + j)]} *
                     cloud.features[2 * i + static_cast<std::size_t>(j)];
            all += std::exp(z);
            if (k == cloud.labels[i]) truth = z;
        }
        const double weight = weights.empty() ? 1.0 : weights[i];
        sum += weight * (std::log(all) - truth);
        total += weight;
    }
    return sum / total;
}

/// The squared distance in the penalty, each weight scaled by the root mean square of its feature.
double squared_distance(const Cloud& cloud, const Dense& a, const Dense& b) {
    double squares[2] = {0, 0};
    for (std::size_t i = 0; i < cloud.features.size(); ++i)
        squares[i % 2] +=
            double{cloud.features[i]} * cloud.features[i] / static_cast<double>(cloud.labels.size());
    double sum = 0.0;
    for (std::size_t i = 0; i < a.weights.size(); ++i)
        sum += std::pow(double{a.weights[i]} - b.weights[i], 2) * squares[i % 2];
    for (std::size_t k = 0; k < a.bias.size(); ++k) sum += std::pow(double{a.bias[k]} - b.bias[k], 2);
    return sum;
}

}  // namespace

TEST_CASE("Softmax regression stops where no small step reduces the loss") {
    const Cloud cloud(300);
    auto start = zeros(2, 3);
    start.weights[0] = 0.5f;
    start.bias[1] = -1.0f;
    std::vector<float> weights(300, 1.0f);
    for (std::size_t i = 0; i < 300; i += 2) weights[i] = 3.0f;
    const double pull = 0.05;
    const auto value = [&](const Dense& dense) {
        return mean_loss(cloud, dense, weights) + 0.5 * pull * squared_distance(cloud, dense, start);
    };
    const auto fitted = fit_softmax_regression(cloud.features, cloud.labels, weights, start, pull);
    const double lowest = value(fitted);
    CHECK(lowest < value(start) - 0.2);
    for (std::size_t i = 0; i < fitted.weights.size(); ++i)
        for (const float step : {-1.0f, 1.0f}) {
            auto other = fitted;
            other.weights[i] += step * (i % 2 ? 1e-4f : 1e-2f);
            CHECK(value(other) > lowest);
        }
    for (std::size_t k = 0; k < 3; ++k)
        for (const float step : {-1e-2f, 1e-2f}) {
            auto other = fitted;
            other.bias[k] += step;
            CHECK(value(other) > lowest);
        }
}

TEST_CASE("A strong pull keeps softmax regression at its start") {
    const Cloud cloud(60);
    auto start = zeros(2, 3);
    start.weights[2] = 0.25f;
    const auto fitted = fit_softmax_regression(cloud.features, cloud.labels, {}, start, 1e9);
    for (std::size_t i = 0; i < start.weights.size(); ++i)
        CHECK(fitted.weights[i] == Approx(start.weights[i]).margin(1e-6));
}

TEST_CASE("Softmax regression rejects mismatched sizes") {
    const Cloud cloud(6);
    CHECK_THROWS_AS(fit_softmax_regression(cloud.features, cloud.labels, {}, zeros(3, 3), 3.0),
                    std::invalid_argument);
    CHECK_THROWS_AS(fit_softmax_regression(cloud.features, cloud.labels, {}, zeros(2, 2), 3.0),
                    std::invalid_argument);
    CHECK_THROWS_AS(
        fit_softmax_regression(cloud.features, cloud.labels, std::vector<float>(5), zeros(2, 3), 3.0),
        std::invalid_argument);
    CHECK_THROWS_AS(fit_softmax_regression({}, {}, {}, zeros(2, 3), 3.0), std::invalid_argument);
    for (const bool of_bias : {false, true}) {
        auto short_start = zeros(2, 3);
        (of_bias ? short_start.bias : short_start.weights).pop_back();
        CHECK_THROWS_AS(fit_softmax_regression(cloud.features, cloud.labels, {}, short_start, 3.0),
                        std::invalid_argument);
    }
}

}  // namespace softmax_regression_test
