#include "training/nuisances.hpp"

#include <set>

#include "support/catch.hpp"

using namespace emotion;

TEST_CASE("Every nuisance changes a crop and keeps its label") {
    Dataset data;
    data.classes = {"happy"};
    data.labels = {0};
    data.names = {"happy/ramp"};
    for (int pixel = 0; pixel < 2500; ++pixel)
        data.crops.push_back(static_cast<std::uint8_t>(80 + pixel % 50));
    std::set<std::vector<std::uint8_t>> seen{data.crops};
    for (const auto& nuisance : nuisances()) {
        const auto disturbed = disturb(data, nuisance);
        CHECK(disturbed.labels == data.labels);
        REQUIRE(disturbed.crops.size() == data.crops.size());
        CHECK(seen.insert(disturbed.crops).second);
    }
    CHECK(data.crops.front() == 80);
}
