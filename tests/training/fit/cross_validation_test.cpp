#include "training/fit/cross_validation.hpp"

#include <set>

#include "support/catch.hpp"
#include "training/data/class_pictures.hpp"
#include "training/fit/training_run.hpp"

namespace cross_validation_test {

using namespace emotion;
using namespace emotion::training;
using namespace emotion::test;

namespace {

FoldResult with_auc(std::optional<double> auc) {
    FoldResult fold;
    fold.figures.auc = auc;
    return fold;
}

const NamedFigure kAuc{"auc", "AUC", [](const ForcedFigures& of) { return of.auc; }};

}  // namespace

TEST_CASE("Every picture is scored once by a model that was not trained on it") {
    const auto data = class_dataset({"up", "down"}, 30, 0.1);
    const auto recipe = parse_recipe(
        "family: logistic\nclasses: [up, down]\ncrop: {width: 16, height: 16}\nlogistic:\n  features: "
        "standardised\n  l2: 100\n  solver: lbfgs\n",
        "r.yaml");
    ThreadPool threads(2);
    std::vector<std::set<std::string>> seen;
    const auto result = cross_validate(
        [&](const Dataset& part) {
            seen.emplace_back(part.names.begin(), part.names.end());
            return train(recipe, part, {}, {1, threads});
        },
        data, 5, 1, threads);
    REQUIRE(result.folds.size() == 5);
    std::int64_t answered = 0;
    for (const auto& fold : result.folds) {
        const auto& [tp, tn, fp, fn] = fold.figures.counts;
        answered += tp + tn + fp + fn;
        CHECK(fold.figures.matrix.accuracy() > 0.6);
    }
    CHECK(answered == 60);
    for (std::size_t i = 0; i < data.size(); ++i)
        for (int fold = 0; fold < 5; ++fold)
            CHECK(seen[static_cast<std::size_t>(fold)].count(data.names[i]) == (result.fold_of[i] != fold));
    const auto json = to_json(result, data);
    CHECK(json["folds"].size() == 5);
    CHECK(json["fold_of"].size() == 60);
    CHECK(json["summary"]["auc"]["mean"].get<double>() == Approx(spread_of(result.folds, kAuc)->mean));
    CHECK_THAT(to_text(result), ContainsSubstring("+-"));
}

TEST_CASE("Mean and deviation over folds agree with a manual count") {
    const auto spread = spread_of({with_auc(0.5), with_auc(0.7), with_auc(0.9)}, kAuc);
    REQUIRE(spread);
    CHECK(spread->mean == Approx(0.7));
    CHECK(spread->deviation == Approx(0.2));
    CHECK(spread_of({with_auc(0.5)}, kAuc)->deviation == 0.0);
    CHECK_FALSE(spread_of({with_auc(0.5), with_auc(std::nullopt)}, kAuc));
    CHECK_FALSE(spread_of({}, kAuc));
}

}  // namespace cross_validation_test
