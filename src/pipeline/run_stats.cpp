#include "pipeline/run_stats.hpp"

#include <cmath>

#include <nlohmann/json.hpp>

namespace emotion::pipeline {
namespace {

using Json = nlohmann::ordered_json;

/// Rounds to the resolution of clocks.
double to_nanoseconds(double ms) {
    return std::round(ms * 1e6) / 1e6;
}

Json summary_json(const DurationSummary& summary) {
    return {{"mean", to_nanoseconds(summary.mean_ms)},
            {"p50", to_nanoseconds(summary.p50_ms)},
            {"p95", to_nanoseconds(summary.p95_ms)},
            {"p99", to_nanoseconds(summary.p99_ms)}};
}

}  // namespace

std::string stats_json(const RunStats& stats) {
    Json stages = Json::object();
    for (std::size_t i = 0; i < kStageNames.size(); ++i)
        stages[std::string(kStageNames[i])] = summary_json(stats.times.stage(static_cast<Stage>(i)));
    Json json = {{"frames", stats.times.frames()},
                 {"seconds", stats.seconds},
                 {"dropped", stats.dropped},
                 {"stages_ms", std::move(stages)},
                 {"compute_ms", summary_json(stats.times.compute())}};
    if (stats.latency.count() > 0) json["latency_ms"] = summary_json(stats.latency.summary());
    return json.dump(2) + '\n';
}

}  // namespace emotion::pipeline
