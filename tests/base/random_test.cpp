#include "base/random.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "support/catch.hpp"

namespace random_test {

using emotion::Random;

TEST_CASE("The generator follows xoshiro256**") {
    Random random(1);
    random.restore({1, 2, 3, 4});
    // The first outputs for this state, derived by hand from the definition.
    CHECK(random.bits() == 11520u);
    CHECK(random.bits() == 0u);
    CHECK(random.bits() == 1509978240u);
}

TEST_CASE("The same seed and stream give the same numbers, others give others") {
    Random one(7, 3), same(7, 3), other(7, 4);
    const auto first = one.bits();
    CHECK(first == same.bits());
    CHECK(first != other.bits());
}

TEST_CASE("A restored state continues where it was saved") {
    Random random(5);
    random.bits();
    const auto kept = random.state();
    const double next = random.normal();
    random.restore(kept);
    CHECK(random.normal() == next);
}

TEST_CASE("Uniform and normal numbers have the moments of their distributions") {
    Random random(11);
    constexpr int kDraws = 200000;
    double sum = 0, sum_normal = 0, squares = 0;
    for (int i = 0; i < kDraws; ++i) {
        const double u = random.uniform();
        REQUIRE((u >= 0.0 && u < 1.0));
        sum += u;
        const double z = random.normal();
        sum_normal += z;
        squares += z * z;
    }
    CHECK(sum / kDraws == Approx(0.5).margin(0.005));
    CHECK(sum_normal / kDraws == Approx(0.0).margin(0.01));
    CHECK(squares / kDraws == Approx(1.0).margin(0.02));
}

TEST_CASE("A shuffle keeps every item and is uniform") {
    Random random(3);
    std::vector<int> at_front(5, 0);
    for (int round = 0; round < 20000; ++round) {
        std::vector<int> items{0, 1, 2, 3, 4};
        emotion::shuffle(std::span(items), random);
        ++at_front[static_cast<std::size_t>(items[0])];
        std::sort(items.begin(), items.end());
        REQUIRE(items == std::vector<int>{0, 1, 2, 3, 4});
    }
    for (const int count : at_front) CHECK(count == Approx(4000).margin(250));
}

}  // namespace random_test
