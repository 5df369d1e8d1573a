#include <array>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "base/error.hpp"
#include "model/model_card.hpp"
#include "support/catch.hpp"

namespace probabilities_test {

using namespace emotion;
using namespace emotion::model;

namespace {

ModelCard card_of(std::size_t classes, Activation activation) {
    ModelCard card;
    for (std::size_t i = 0; i < classes; ++i) card.classes.push_back("class" + std::to_string(i));
    card.activation = activation;
    return card;
}

using Floats = std::vector<float>;

Floats probabilities(const ModelCard& card, const Floats& outputs) {
    return to_probabilities(outputs, card);
}

}  // namespace

TEST_CASE("A softmax follows its definition with temperature and bias") {
    auto card = card_of(3, Activation::kSoftmax);
    card.temperature = 2.0;
    card.bias = {0.5, 0.0, -1.0};
    const auto result = probabilities(card, {1, 2, 3});
    const std::array<double, 3> powers{std::exp(1.0), std::exp(1.0), std::exp(0.5)};
    const double sum = powers[0] + powers[1] + powers[2];
    for (std::size_t i = 0; i < 3; ++i) CHECK(result[i] == Approx(powers[i] / sum));
}

TEST_CASE("One sigmoid is the probability of the second of two classes") {
    auto card = card_of(2, Activation::kSigmoid);
    CHECK(probabilities(card, {0.3f})[1] == Approx(1 / (1 + std::exp(-0.3))));
    CHECK(probabilities(card, {0.3f})[0] == Approx(1 - 1 / (1 + std::exp(-0.3))));
    card.temperature = 3.0;
    card.bias = {0.0, 0.2};
    CHECK(probabilities(card, {0.3f})[1] == Approx(1 / (1 + std::exp(-(0.1 + 0.2)))));
}

TEST_CASE("Several sigmoids are normalized by their sum") {
    const auto card = card_of(3, Activation::kSigmoid);
    const auto result = probabilities(card, {-1, 0, 2});
    const std::array<double, 3> sigmoids{1 / (1 + std::exp(1.0)), 0.5, 1 / (1 + std::exp(-2.0))};
    const double sum = sigmoids[0] + sigmoids[1] + sigmoids[2];
    for (std::size_t i = 0; i < 3; ++i) CHECK(result[i] == Approx(sigmoids[i] / sum));
}

TEST_CASE("A network's own probabilities pass unchanged unless calibrated") {
    auto card = card_of(3, Activation::kNone);
    CHECK(probabilities(card, {0.2f, 0.5f, 0.3f})[1] == Approx(0.5));
    CHECK(probabilities(card, {0, 1, 0})[1] == Approx(1.0));
    CHECK(probabilities(card_of(2, Activation::kNone), {0.25f})[0] == Approx(0.75));
    card.temperature = 0.5;  // squares them
    CHECK(probabilities(card, {0.2f, 0.5f, 0.3f})[1] == Approx(0.25 / 0.38));
}

TEST_CASE("Probabilities stay finite and sum to 1 for extreme outputs") {
    for (const auto activation : {Activation::kSoftmax, Activation::kSigmoid, Activation::kNone})
        for (const float extreme : {1000.0f, -1000.0f, 0.0f, std::numeric_limits<float>::max()})
            for (const auto& outputs : {Floats{extreme, extreme, extreme}, Floats{extreme, -1000, 1000}}) {
                double sum = 0.0;
                for (const float probability : probabilities(card_of(3, activation), outputs)) {
                    CHECK(std::isfinite(probability));
                    sum += probability;
                }
                CHECK(sum == Approx(1.0));
            }
    CHECK(probabilities(card_of(2, Activation::kSigmoid), {1000})[0] == 0.0f);
    CHECK(probabilities(card_of(2, Activation::kSigmoid), {-1000})[0] == 1.0f);
}

TEST_CASE("Outputs that do not fit the classes or are not finite are rejected") {
    CHECK(fits_outputs(2, card_of(2, Activation::kSoftmax)));
    CHECK_FALSE(fits_outputs(1, card_of(2, Activation::kSoftmax)));
    CHECK(fits_outputs(1, card_of(2, Activation::kSigmoid)));
    CHECK_FALSE(fits_outputs(1, card_of(3, Activation::kSigmoid)));
    CHECK_FALSE(fits_outputs(4, card_of(3, Activation::kNone)));
    CHECK_THROWS_AS(probabilities(card_of(3, Activation::kSoftmax), {1, 2}), std::invalid_argument);
    CHECK_THROWS_AS(probabilities(card_of(2, Activation::kSoftmax), {1, std::nanf("")}), Error);
    CHECK_THROWS_AS(
        probabilities(card_of(2, Activation::kSoftmax), {1, std::numeric_limits<float>::infinity()}), Error);
}

TEST_CASE("A label is shown if its class is shown and probable enough") {
    auto card = card_of(3, Activation::kSoftmax);
    card.shown = {{0, 0.5}, {1, 0.3}};
    const auto shown = [&](const Floats& values) { return shown_label(values, card); };
    CHECK(shown({0.5f, 0.2f, 0.3f}) == 0);
    CHECK_FALSE(shown({0.45f, 0.25f, 0.3f}));
    CHECK(shown({0.2f, 0.3f, 0.5f}) == 1);
    CHECK_FALSE(shown({0.1f, 0.0f, 0.9f}));
}

TEST_CASE("A penalty for another class can suppress a label") {
    auto card = card_of(3, Activation::kSoftmax);
    card.shown = {{0, 0.4, {{2, 0.5}}}, {1, 0.25}};
    CHECK(evidence_for(card.shown[0], Floats{0.6f, 0.1f, 0.3f}) == Approx(0.45));
    CHECK(evidence_for(card.shown[1], Floats{0.6f, 0.1f, 0.3f}) == Approx(0.1));
    CHECK(shown_label(Floats{0.6f, 0.1f, 0.3f}, card) == 0);
    CHECK_FALSE(shown_label(Floats{0.5f, 0.1f, 0.4f}, card));
    CHECK(shown_label(Floats{0.5f, 0.4f, 0.1f}, card) == 1);  // 1.125 times against 1.6
}

TEST_CASE("Of two labels above their thresholds the one with the larger ratio is shown") {
    auto card = card_of(2, Activation::kSoftmax);
    card.shown = {{0, 0.5}, {1, 0.3}};
    CHECK(shown_label(Floats{0.65f, 0.35f}, card) == 0);  // 1.3 times against 1.17
    CHECK(shown_label(Floats{0.55f, 0.45f}, card) == 1);  // 1.1 times against 1.5
    card.shown = {{0, 0.0}, {1, 0.0}};
    CHECK(shown_label(Floats{0.0f, 1.0f}, card) == 1);
}

}  // namespace probabilities_test
