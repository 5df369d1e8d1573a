#include "pipeline/run_stats.hpp"

#include <nlohmann/json.hpp>

#include "support/catch.hpp"

namespace run_stats_test {

using namespace emotion;
using namespace emotion::pipeline;

TEST_CASE("Statistics name every stage with its mean and percentiles") {
    RunStats stats{2.5, 3, {}, {}};
    FrameTimes times;
    times[Stage::kDetect] = 4.0;
    times[Stage::kScore] = 1.0;
    times[Stage::kShow] = 9.0;
    stats.times.add(times);

    const auto json = nlohmann::json::parse(stats_json(stats));
    CHECK(json.at("frames") == 1);
    CHECK(json.at("seconds") == 2.5);
    CHECK(json.at("dropped") == 3);
    CHECK(json.at("stages_ms").size() == 8);
    for (const auto* stage : {"decode", "detect", "track", "score", "smooth", "draw", "encode", "show"})
        for (const auto* figure : {"mean", "p50", "p95", "p99"})
            CHECK(json.at("stages_ms").at(stage).at(figure).is_number());
    CHECK(json.at("stages_ms").at("detect").at("p95") == 4.0);
    CHECK(json.at("stages_ms").at("show").at("mean") == 9.0);
    CHECK(json.at("compute_ms").at("p99") == 5.0);
    CHECK_FALSE(json.contains("latency_ms"));
}

TEST_CASE("Statistics of a live source include the latency of its pictures") {
    RunStats stats;
    stats.latency.add(12.0);
    CHECK(nlohmann::json::parse(stats_json(stats)).at("latency_ms").at("p99") == 12.0);
}

TEST_CASE("Statistics of a run without a frame are valid and zero") {
    const auto json = nlohmann::json::parse(stats_json({}));
    CHECK(json.at("frames") == 0);
    CHECK(json.at("compute_ms").at("mean") == 0.0);
}

}  // namespace run_stats_test
