#include "ml/metrics/agreement.hpp"

#include <cmath>
#include <stdexcept>
#include <vector>

#include "support/catch.hpp"

namespace agreement_test {

using namespace emotion;

TEST_CASE("The interval of a mean is 1.96 standard errors either way") {
    CHECK_FALSE(ml::mean_with_interval({}));
    std::vector<double> forty;
    for (int i = 0; i < 10; ++i) forty.insert(forty.end(), {0.2, 0.4, 0.6, 0.8});
    // Deviations -.3, -.1, .1, .3, ten times each: variance 2/39, standard error sqrt(2/39/40).
    const auto mean = ml::mean_with_interval(forty);
    CHECK(mean->mean == Approx(0.5));
    CHECK(mean->interval.high - mean->mean == Approx(1.959963984540054 * std::sqrt(2.0 / 39 / 40)));
}

TEST_CASE("The interval of a mean of few or equal shares has a width and stays within 0 and 1") {
    for (const auto& values :
         {std::vector<double>{0.4}, {1.0, 1.0, 1.0}, {0.0, 1.0, 1.0}, {0.01, 0.02, 0.9, 0.0}}) {
        const auto interval = ml::mean_with_interval(values)->interval;
        CHECK(interval.low >= 0.0);
        CHECK(interval.high <= 1.0);
        CHECK(interval.high - interval.low > 0.1);
    }
    const auto three = ml::mean_with_interval(std::vector<double>{0.0, 1.0, 1.0})->interval;
    CHECK(three.low == Approx(ml::wilson_interval(2, 3)->low));
}

TEST_CASE("The correlation agrees with a calculation by hand") {
    const std::vector<double> a{1, 2, 3}, b{2, 2, 5}, level{4, 4, 4}, descending{3, 2, 1};
    // Deviations -1 0 1 and -1 -1 2: 3 / sqrt(2 * 6).
    CHECK(*ml::correlation(a, b) == Approx(3.0 / std::sqrt(12.0)));
    CHECK(*ml::correlation(a, descending) == Approx(-1.0));
    CHECK_FALSE(ml::correlation(a, level));
    CHECK_FALSE(ml::correlation(std::vector<double>{1}, std::vector<double>{1}));
    CHECK_THROWS_AS(ml::correlation(a, std::vector<double>{1, 2}), std::invalid_argument);
}

TEST_CASE("The cross-entropy to shares counts only people who chose one of the classes") {
    // The classes' shares of the second picture are 0.2 and 0.2; the third picture has none.
    const std::vector<float> probabilities{0.5f, 0.5f, 0.25f, 0.75f, 0.1f, 0.9f};
    const std::vector<float> shares{1.0f, 0.0f, 0.2f, 0.2f, 0.0f, 0.0f};
    const double expected = (-std::log(0.5) - 0.5 * std::log(0.25) - 0.5 * std::log(0.75)) / 2;
    CHECK(*ml::cross_entropy_to_shares(probabilities, shares, 2) == Approx(expected));
    CHECK_FALSE(ml::cross_entropy_to_shares(std::vector<float>{0.5f, 0.5f}, std::vector<float>{0, 0}, 2));
    CHECK_THROWS_AS(ml::cross_entropy_to_shares(probabilities, shares, 4), std::invalid_argument);
}

TEST_CASE("The calibration error of shares is the gap of each bin weighted by its pictures") {
    // Two bins: (0, .5] with .2 and .4 against .1 and .3, (.5, 1] with .8 against 1.
    const std::vector<double> probability{0.2, 0.4, 0.8}, share{0.1, 0.3, 1.0};
    CHECK(*ml::share_calibration_error(probability, share, 2) == Approx((0.2 + 0.2) / 3));
    CHECK(*ml::share_calibration_error(share, share) == Approx(0.0).margin(1e-12));
    CHECK(*ml::share_calibration_error(std::vector<double>{0.0}, std::vector<double>{0.0}) == 0.0);
    CHECK_FALSE(ml::share_calibration_error({}, {}));
    CHECK_THROWS_AS(ml::share_calibration_error(probability, share, 0), std::invalid_argument);
}

TEST_CASE("Recall at a rate of false labels counts the scores above them") {
    const std::vector<double> positive{0.9, 0.7, 0.5, 0.1}, negative{0.8, 0.6, 0.4, 0.2};
    CHECK(*ml::recall_at(positive, negative, 0.0) == Approx(0.25));
    CHECK(*ml::recall_at(positive, negative, 0.25) == Approx(0.5));
    CHECK(*ml::recall_at(positive, negative, 0.3) == Approx(0.5));
    CHECK(*ml::recall_at(positive, negative, 1.0) == Approx(1.0));
    // A score equal to a negative one that must not be reached does not count.
    CHECK(*ml::recall_at(std::vector<double>{0.8}, negative, 0.0) == 0.0);
    CHECK_FALSE(ml::recall_at(positive, {}, 0.1));
}

TEST_CASE("The threshold is the lowest that reaches the agreement without labeling too many calm pictures") {
    const std::vector<double> score{0.9, 0.8, 0.7, 0.6, 0.5}, share{0.9, 0.5, 0.4, 0.8, 0.1};
    const std::vector<std::uint8_t> calm{0, 0, 1, 0, 1};
    // Mean shares from the top: .9, .7, .6, .65, .54.
    CHECK(*ml::threshold_for_agreement(score, share, 0.64, calm, 1.0) == 0.6);
    CHECK(*ml::threshold_for_agreement(score, share, 0.7, calm, 1.0) == 0.8);
    CHECK(*ml::threshold_for_agreement(score, share, 0.5, calm, 1.0) == 0.5);
    CHECK(*ml::threshold_for_agreement(score, share, 0.5, calm, 0.5) == 0.6);
    CHECK(*ml::threshold_for_agreement(score, share, 0.5, calm, 0.0) == 0.8);
    CHECK_FALSE(ml::threshold_for_agreement(score, share, 0.95, calm, 1.0));
    // Equal scores are included together or not at all.
    const std::vector<double> tied{0.9, 0.9};
    CHECK_FALSE(ml::threshold_for_agreement(tied, std::vector<double>{1.0, 0.0}, 0.9,
                                            std::vector<std::uint8_t>{0, 0}, 1.0));
}

}  // namespace agreement_test
