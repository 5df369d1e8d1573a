#include "ml/metrics/metrics.hpp"

#include <cmath>
#include <limits>

#include "support/catch.hpp"

namespace metrics_test {

using namespace emotion::ml;

TEST_CASE("The metrics of a confusion matrix agree with a manual count") {
    // Rows are true classes: 8 of 10 happy and 2 of 5 fear pictures were predicted happy.
    ConfusionMatrix matrix(2);
    for (int i = 0; i < 8; ++i) matrix.add(0, 0);
    for (int i = 0; i < 2; ++i) matrix.add(0, 1);
    for (int i = 0; i < 3; ++i) matrix.add(1, 0);
    for (int i = 0; i < 2; ++i) matrix.add(1, 1);
    const auto fear = matrix.against_rest(1);
    CHECK(fear == BinaryCounts{2, 8, 2, 3});
    CHECK(matrix.against_rest(0) == BinaryCounts{8, 2, 3, 2});
    CHECK(matrix.total() == 15);
    CHECK(*matrix.accuracy() == Approx(10.0 / 15.0));
    CHECK(*matrix.balanced_accuracy() == Approx((0.8 + 0.4) / 2));
    CHECK(*precision(fear) == Approx(0.5));
    CHECK(*recall(fear) == Approx(0.4));
    CHECK(*f1_score(fear) == Approx(2 * 0.5 * 0.4 / (0.5 + 0.4)));
}

TEST_CASE("A proportion of nothing is undefined") {
    CHECK(*proportion(3, 12) == 0.25);
    CHECK_FALSE(proportion(0, 0));
}

TEST_CASE("Three classes are each counted against the rest") {
    ConfusionMatrix matrix(3);
    matrix.add(0, 0);
    matrix.add(0, 1);
    matrix.add(1, 1);
    matrix.add(2, 0);
    CHECK(matrix.count(0, 1) == 1);
    CHECK(matrix.against_rest(0) == BinaryCounts{1, 1, 1, 1});
    CHECK(*matrix.accuracy() == Approx(0.5));
    CHECK(*matrix.balanced_accuracy() == Approx((0.5 + 1.0 + 0.0) / 3));
    CHECK_THROWS_AS(matrix.add(3, 0), std::invalid_argument);
    CHECK_THROWS_AS(matrix.add(0, -1), std::invalid_argument);
}

TEST_CASE("Undefined metrics are absent and not NaN") {
    CHECK_FALSE(precision(BinaryCounts{0, 3, 0, 2}));
    CHECK_FALSE(recall(BinaryCounts{0, 3, 1, 0}));
    CHECK_FALSE(f1_score(BinaryCounts{0, 3, 0, 0}));
    CHECK_FALSE(ConfusionMatrix(2).accuracy());
    CHECK_FALSE(ConfusionMatrix(2).balanced_accuracy());
    CHECK_FALSE(log_loss({}));
    CHECK_FALSE(calibration_error({}, {}));
    CHECK_FALSE(wilson_interval(0, 0));
    const std::vector<double> scores{0.1, 0.2};
    CHECK_FALSE(area_under_roc(scores, std::vector<std::uint8_t>{1, 1}));
}

TEST_CASE("The balanced accuracy ignores classes that never occur") {
    ConfusionMatrix matrix(3);
    matrix.add(0, 0);
    matrix.add(1, 0);
    CHECK(*matrix.balanced_accuracy() == Approx(0.5));
}

TEST_CASE("The area under the ROC curve counts ordered pairs, and ties half") {
    const std::vector<double> scores{0.1, 0.4, 0.35, 0.8};
    CHECK(*area_under_roc(scores, std::vector<std::uint8_t>{0, 0, 1, 1}) == Approx(0.75));
    CHECK(*area_under_roc(scores, std::vector<std::uint8_t>{0, 0, 0, 1}) == Approx(1.0));
    const std::vector<double> tied{0.5, 0.5, 0.5, 0.9};
    // Pairs of positives {0.5, 0.9} with negatives {0.5, 0.5}: two ties and two in order.
    CHECK(*area_under_roc(tied, std::vector<std::uint8_t>{1, 0, 0, 1}) == Approx((0.5 + 0.5 + 1 + 1) / 4));
    CHECK_THROWS_AS(area_under_roc(scores, std::vector<std::uint8_t>{0, 1}), std::invalid_argument);
}

TEST_CASE("The log loss is finite for a confident mistake") {
    const std::vector<double> probabilities{0.5, 0.25};
    CHECK(*log_loss(probabilities) == Approx((std::log(2.0) + std::log(4.0)) / 2));
    const std::vector<double> wrong{0.0};
    CHECK(*log_loss(wrong) == Approx(-std::log(1e-15)));
}

TEST_CASE("The calibration error weighs the gap of each bin by its samples") {
    // Bins of width 1/15: 0.90 and 0.92 lie in (0.867, 0.933], 0.6 in (0.533, 0.6].
    const std::vector<double> confidence{0.90, 0.92, 0.60};
    const std::vector<std::uint8_t> right{1, 0, 1};
    CHECK(*calibration_error(confidence, right) ==
          Approx((std::abs(0.90 + 0.92 - 1) + std::abs(0.60 - 1)) / 3));
    const std::vector<double> ends{0.0, 1.0};
    CHECK(*calibration_error(ends, std::vector<std::uint8_t>{0, 1}) == Approx(0.0));
}

TEST_CASE("The Wilson interval agrees with published values") {
    const auto interval = wilson_interval(81, 263);  // Newcombe 1998: 0.2553 to 0.3662
    CHECK(interval->low == Approx(0.2553).margin(5e-5));
    CHECK(interval->high == Approx(0.3662).margin(5e-5));
    CHECK(wilson_interval(0, 20)->low == Approx(0.0).margin(1e-12));
    CHECK(wilson_interval(0, 20)->high == Approx(0.1611).margin(5e-5));
    CHECK_THROWS_AS(wilson_interval(3, 2), std::invalid_argument);
}

TEST_CASE("A paired difference comes with the standard error of its mean") {
    const std::vector<double> a{1.0, 2.0, 4.0, 5.0}, b{1.0, 1.0, 2.0, 4.0};
    const auto difference = paired_difference(a, b);  // 0, 1, 2, 1
    CHECK(difference->mean == Approx(1.0));
    CHECK(difference->standard_error == Approx(std::sqrt(2.0 / 3.0 / 4.0)));
    CHECK_FALSE(paired_difference(std::vector<double>{1.0}, std::vector<double>{2.0}));
    CHECK_THROWS_AS(paired_difference(a, std::vector<double>{1.0}), std::invalid_argument);
}

}  // namespace metrics_test
