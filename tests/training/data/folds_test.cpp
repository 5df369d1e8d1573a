#include "training/data/folds.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/error.hpp"
#include "support/catch.hpp"
#include "training/data/class_pictures.hpp"

namespace folds_test {

using namespace emotion;
using namespace emotion::training;

namespace {

Dataset labeled(const std::vector<int>& labels) {
    Dataset data;
    data.classes = {"happy", "fear"};
    data.labels = labels;
    return data;
}

}  // namespace

TEST_CASE("Every class is distributed evenly over the folds by the seed") {
    std::vector<int> labels(17, 0);
    labels.resize(17 + 9, 1);
    const auto fold_of = assign_folds(labeled(labels), 5, 1, {});
    REQUIRE(fold_of.size() == labels.size());
    std::map<std::pair<int, int>, int> counts;
    for (std::size_t i = 0; i < labels.size(); ++i) ++counts[{labels[i], fold_of[i]}];
    for (int fold = 0; fold < 5; ++fold) {
        CHECK(counts[{0, fold}] >= 3);
        CHECK(counts[{0, fold}] <= 4);
        CHECK(counts[{1, fold}] >= 1);
        CHECK(counts[{1, fold}] <= 2);
    }
    CHECK(assign_folds(labeled(labels), 5, 1, {}) == fold_of);
    CHECK(assign_folds(labeled(labels), 5, 2, {}) != fold_of);
}

TEST_CASE("Duplicates share a fold even across classes") {
    const std::vector<int> labels{0, 0, 0, 0, 0, 0, 1, 1, 1, 1};
    for (std::uint64_t seed = 1; seed < 20; ++seed) {
        const auto fold_of = assign_folds(labeled(labels), 2, seed, {{{0, 3}, true}, {{1, 6, 9}, false}});
        CHECK(fold_of[0] == fold_of[3]);
        CHECK(fold_of[1] == fold_of[6]);
        CHECK(fold_of[1] == fold_of[9]);
        CHECK(std::set<int>(fold_of.begin(), fold_of.end()) == std::set<int>{0, 1});
    }
    CHECK_THROWS_WITH(assign_folds(labeled(labels), 3, 1, {{{6, 7, 8}, true}}),
                      ContainsSubstring("class fear has 2 pictures that differ"));
}

TEST_CASE("Equal or nearly equal crops are found as duplicates") {
    auto data = test::class_dataset({"up", "down"}, 20);
    const auto copy = [&](std::size_t from, std::size_t to) {
        std::copy_n(data.crops.begin() + static_cast<std::ptrdiff_t>(from * 256), 256,
                    data.crops.begin() + static_cast<std::ptrdiff_t>(to * 256));
    };
    copy(3, 30);
    ThreadPool threads(2);
    const auto groups = duplicates_in(data, threads);
    REQUIRE(groups.size() == 1);
    CHECK(groups[0].pictures == std::vector<std::size_t>{3, 30});
}

TEST_CASE("A fold and the rest make up all of the data") {
    const auto data = test::class_dataset({"up", "down"}, 10);
    const auto fold_of = assign_folds(data, 5, 1, {});
    const auto inside = fold_of_data(data, fold_of, 2), outside = data_without_fold(data, fold_of, 2);
    CHECK(inside.size() == 4);
    CHECK(inside.size() + outside.size() == data.size());
    CHECK(inside.crops.size() == 4 * 256);
    for (const auto& name : inside.names)
        CHECK(std::count(outside.names.begin(), outside.names.end(), name) == 0);
}

TEST_CASE("A class with fewer pictures than folds is an error that names it") {
    CHECK_THROWS_WITH(assign_folds(labeled({0, 0, 0, 1, 1}), 3, 1, {}),
                      ContainsSubstring("class fear has 2 pictures") && ContainsSubstring("add pictures"));
}

}  // namespace folds_test
