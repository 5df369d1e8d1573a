#include "training/folds.hpp"

#include <map>

#include "base/error.hpp"
#include "support/catch.hpp"

using namespace emotion;

namespace {

Dataset labelled(const std::vector<int>& labels) {
    Dataset data;
    data.classes = {"happy", "fear"};
    data.labels = labels;
    return data;
}

}  // namespace

TEST_CASE("Every class is dealt evenly into the folds by the seed") {
    std::vector<int> labels(17, 0);
    labels.resize(17 + 9, 1);
    const auto fold_of = deal_into_folds(labelled(labels), 5, 1);
    REQUIRE(fold_of.size() == labels.size());
    std::map<std::pair<int, int>, int> counts;
    for (std::size_t i = 0; i < labels.size(); ++i) ++counts[{labels[i], fold_of[i]}];
    for (int fold = 0; fold < 5; ++fold) {
        CHECK(counts[{0, fold}] >= 3);
        CHECK(counts[{0, fold}] <= 4);
        CHECK(counts[{1, fold}] >= 1);
        CHECK(counts[{1, fold}] <= 2);
    }
    CHECK(deal_into_folds(labelled(labels), 5, 1) == fold_of);
    CHECK(deal_into_folds(labelled(labels), 5, 2) != fold_of);
}

TEST_CASE("A class with fewer pictures than folds is an error that names it") {
    CHECK_THROWS_WITH(deal_into_folds(labelled({0, 0, 0, 1, 1}), 3, 1),
                      ContainsSubstring("class fear has 2 pictures"));
}
