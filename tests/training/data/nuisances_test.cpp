#include "training/data/nuisances.hpp"

#include <map>
#include <numeric>
#include <set>

#include "support/catch.hpp"

using namespace emotion;
using namespace emotion::training;

TEST_CASE("Every nuisance changes a crop and keeps its label") {
    Dataset data;
    data.classes = {"happy"};
    data.labels = {0};
    data.names = {"happy/ramp"};
    for (int pixel = 0; pixel < 2500; ++pixel)
        data.crops.push_back(static_cast<std::uint8_t>(80 + pixel % 50));
    const auto brightness = [](const std::vector<std::uint8_t>& crops) {
        return std::accumulate(crops.begin(), crops.end(), 0.0) / static_cast<double>(crops.size());
    };
    std::map<std::string, double> light;
    std::set<std::vector<std::uint8_t>> seen{data.crops};
    for (const auto& nuisance : nuisances()) {
        const auto disturbed = disturb(data, nuisance);
        CHECK(disturbed.labels == data.labels);
        REQUIRE(disturbed.crops.size() == data.crops.size());
        CHECK(seen.insert(disturbed.crops).second);
        light[nuisance.name] = brightness(disturbed.crops) / brightness(data.crops);
    }
    CHECK(light.at("darker") < 0.9);
    CHECK(light.at("brighter") > 1.1);
    CHECK(data.crops.front() == 80);
}
