#include "ml/metrics/curves.hpp"

#include <stdexcept>

#include "support/catch.hpp"

namespace curves_test {

using namespace emotion::ml;

namespace {

// Three positives and two negatives; 0.6 is shared by one of each.
const std::vector<double> kScores{0.9, 0.6, 0.6, 0.3, 0.1};
const std::vector<std::uint8_t> kPositive{1, 1, 0, 1, 0};

}  // namespace

TEST_CASE("A threshold curve counts each distinct score once, highest first") {
    const auto curve = threshold_curve(kScores, kPositive);
    REQUIRE(curve.size() == 4);
    CHECK(curve[0].threshold == 0.9);
    CHECK(curve[0].counts == BinaryCounts{1, 2, 0, 2});
    CHECK(curve[1].threshold == 0.6);
    CHECK(curve[1].counts == BinaryCounts{2, 1, 1, 1});
    CHECK(curve[2].counts == BinaryCounts{3, 1, 1, 0});
    CHECK(curve[3].counts == BinaryCounts{3, 0, 2, 0});
    CHECK(threshold_curve({}, {}).empty());
    CHECK_THROWS_AS(threshold_curve(kScores, std::vector<std::uint8_t>{1}), std::invalid_argument);
}

TEST_CASE("The area under a ROC curve equals the count of correctly ordered pairs") {
    const auto roc = roc_curve(threshold_curve(kScores, kPositive));
    REQUIRE(roc.size() == 5);
    CHECK(roc[0].false_positive_rate == 0.0);
    CHECK(roc[0].true_positive_rate == 0.0);
    CHECK(roc[0].threshold > 0.9);
    CHECK(roc[2].false_positive_rate == Approx(0.5));
    CHECK(roc[2].true_positive_rate == Approx(2.0 / 3));
    CHECK(roc[4].false_positive_rate == 1.0);
    CHECK(roc[4].true_positive_rate == 1.0);
    double area = 0.0;
    for (std::size_t i = 1; i < roc.size(); ++i)
        area += (roc[i].false_positive_rate - roc[i - 1].false_positive_rate) *
                (roc[i].true_positive_rate + roc[i - 1].true_positive_rate) / 2;
    CHECK(area == Approx(*area_under_roc(kScores, kPositive)));
}

TEST_CASE("A precision-recall curve has the precision of everything above each threshold") {
    const auto points = precision_recall_curve(threshold_curve(kScores, kPositive));
    REQUIRE(points.size() == 4);
    CHECK(points[0].recall == Approx(1.0 / 3));
    CHECK(points[0].precision == 1.0);
    CHECK(points[1].precision == Approx(2.0 / 3));
    CHECK(points[3].recall == 1.0);
    CHECK(points[3].precision == Approx(3.0 / 5));
}

TEST_CASE("Curves without positives or negatives are empty and not NaN") {
    const auto all_positive = threshold_curve(kScores, std::vector<std::uint8_t>(5, 1));
    const auto none_positive = threshold_curve(kScores, std::vector<std::uint8_t>(5, 0));
    CHECK(roc_curve(all_positive).empty());
    CHECK(roc_curve(none_positive).empty());
    CHECK(precision_recall_curve(none_positive).empty());
    CHECK(precision_recall_curve(all_positive).size() == 4);
    CHECK(roc_curve({}).empty());
}

TEST_CASE("Reliability bins exclude their lower and include their upper edge") {
    const std::vector<double> confidence{0.0, 0.5, 0.50001, 1.0};
    const std::vector<std::uint8_t> right{1, 0, 1, 1};
    const auto bins = reliability_bins(confidence, right, 2);
    REQUIRE(bins.size() == 2);
    CHECK(bins[0].samples == 2);
    CHECK(bins[0].right == 1);
    CHECK(bins[0].confidence_sum == Approx(0.5));
    CHECK(bins[1].samples == 2);
    CHECK(bins[1].right == 2);
    CHECK(bins[1].low == 0.5);
    CHECK(bins[1].high == 1.0);
    CHECK_THROWS_AS(reliability_bins(confidence, right, 0), std::invalid_argument);
}

}  // namespace curves_test
