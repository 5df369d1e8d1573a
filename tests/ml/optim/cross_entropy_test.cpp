#include "ml/optim/cross_entropy.hpp"

#include <cmath>
#include <stdexcept>
#include <vector>

#include "support/catch.hpp"

namespace cross_entropy_test {

using namespace emotion::ml;

TEST_CASE("Cross-entropy agrees with values computed by hand") {
    std::vector<float> gradient(2);
    const std::vector<float> logits = {0.0f, std::log(3.0f)}, second = {0.0f, 1.0f};
    CHECK(softmax_cross_entropy(logits, second, 2, {}, gradient) == Approx(std::log(4.0 / 3.0)));
    CHECK(gradient[0] == Approx(0.25));
    CHECK(gradient[1] == Approx(-0.25));
    // Smoothing by 0.2 gives targets 0.1 and 0.9.
    CHECK(softmax_cross_entropy(logits, second, 2, {.label_smoothing = 0.2}, gradient) ==
          Approx(0.1 * std::log(4.0) + 0.9 * std::log(4.0 / 3.0)));
    CHECK(gradient[1] == Approx(0.75 - 0.9));
    const std::vector<float> soft = {0.5f, 0.5f};
    CHECK(softmax_cross_entropy(logits, soft, 2, {}, gradient) ==
          Approx(0.5 * (std::log(4.0) + std::log(4.0 / 3.0))));
}

TEST_CASE("A label among some of the classes is compared with these alone") {
    const std::vector<float> logits = {std::log(2.0f), 0.0f, std::log(6.0f)}, targets = {0.0f, 1.0f, 0.0f};
    const std::vector<std::size_t> classes = {2, 0};
    std::vector<float> gradient(3), plain(3);
    const double votes = softmax_cross_entropy(logits, targets, 3, {}, plain);
    const auto with = [&](int label, double weight) {
        return softmax_cross_entropy(logits, targets, 3, {.among = {classes, std::span(&label, 1), weight}},
                                     gradient);
    };
    CHECK(with(0, 0.5) == Approx(votes + 0.5 * std::log(8.0 / 2.0)));
    CHECK(gradient[0] == Approx(plain[0] + 0.5 * (0.25 - 1)));
    CHECK(gradient[1] == plain[1]);
    CHECK(gradient[2] == Approx(plain[2] + 0.5 * 0.75));
    CHECK(with(1, 0.5) == votes);
    CHECK(gradient == plain);
    CHECK(with(0, 0.0) == votes);
    const std::vector<std::size_t> beyond = {0, 3};
    const std::vector<int> label = {0};
    CHECK_THROWS_AS(softmax_cross_entropy(logits, targets, 3, {.among = {beyond, label, 1.0}}, gradient),
                    std::invalid_argument);
    CHECK_THROWS_AS(softmax_cross_entropy(logits, targets, 3, {.among = {classes, {}, 1.0}}, gradient),
                    std::invalid_argument);
}

TEST_CASE("The gradient of the cross-entropy agrees with central differences") {
    std::vector<float> logits = {0.3f, -1.2f, 2.0f, 0.1f, 0.2f, -0.7f};
    const std::vector<float> targets = {0.2f, 0.3f, 0.5f, 1.0f, 0.0f, 0.0f}, weights = {0.5f, 2.0f};
    const std::vector<std::size_t> classes = {0, 2};
    const std::vector<int> labels = {2, 0};
    const CrossEntropyOptions options{weights, 0.1, {classes, labels, 0.7}};
    std::vector<float> gradient(6), unused(6);
    softmax_cross_entropy(logits, targets, 3, options, gradient);
    for (std::size_t i = 0; i < logits.size(); ++i) {
        const float before = logits[i];
        logits[i] = before + 1e-2f;
        const double above = softmax_cross_entropy(logits, targets, 3, options, unused);
        logits[i] = before - 1e-2f;
        const double below = softmax_cross_entropy(logits, targets, 3, options, unused);
        logits[i] = before;
        CHECK(gradient[i] == Approx((above - below) / 2e-2).margin(1e-5));
    }
}

TEST_CASE("Example weights scale the contribution of each example") {
    const std::vector<float> logits = {0.0f, 1.0f, 2.0f, -1.0f}, targets = {1.0f, 0.0f, 0.0f, 1.0f};
    std::vector<float> gradient(4), pair(2);
    const double first =
        softmax_cross_entropy(std::span(logits).first(2), std::span(targets).first(2), 2, {}, pair);
    const double second =
        softmax_cross_entropy(std::span(logits).last(2), std::span(targets).last(2), 2, {}, pair);
    CHECK(softmax_cross_entropy(logits, targets, 2, {}, gradient) == Approx((first + second) / 2));
    CHECK(softmax_cross_entropy(logits, targets, 2, {std::vector<float>{3.0f, 1.0f}}, gradient) ==
          Approx((3 * first + second) / 4));
    softmax_cross_entropy(logits, targets, 2, {std::vector<float>{0.0f, 1.0f}}, gradient);
    CHECK(gradient[0] == 0.0f);
    CHECK_THROWS_AS(softmax_cross_entropy(logits, targets, 2, {std::vector<float>{0.0f, 0.0f}}, gradient),
                    std::invalid_argument);
    CHECK_THROWS_AS(softmax_cross_entropy(logits, targets, 3, {}, gradient), std::invalid_argument);
}

TEST_CASE("Cross-entropy is finite for logits of a thousand") {
    std::vector<float> gradient(2);
    CHECK(softmax_cross_entropy(std::vector<float>{1000.0f, -1000.0f}, std::vector<float>{0.0f, 1.0f}, 2, {},
                                gradient) == Approx(2000));
    CHECK(gradient[0] == Approx(1));
    CHECK(softmax_cross_entropy(std::vector<float>{1000.0f, -1000.0f}, std::vector<float>{1.0f, 0.0f}, 2, {},
                                gradient) == Approx(0));
}

}  // namespace cross_entropy_test
