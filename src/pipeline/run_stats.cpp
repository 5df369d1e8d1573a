#include "pipeline/run_stats.hpp"

#include <nlohmann/json.hpp>

namespace emotion {
namespace {

using Json = nlohmann::ordered_json;

Json summary_json(const DurationSummary& summary) {
    return {
        {"mean", summary.mean_ms}, {"p50", summary.p50_ms}, {"p95", summary.p95_ms}, {"p99", summary.p99_ms}};
}

}  // namespace

std::string stats_json(const RunStats& stats) {
    Json stages = Json::object();
    for (std::size_t i = 0; i < kStageNames.size(); ++i)
        stages[std::string(kStageNames[i])] = summary_json(stats.times.stage(static_cast<Stage>(i)));
    const Json json = {{"frames", stats.times.frames()},
                       {"seconds", stats.seconds},
                       {"dropped", stats.dropped},
                       {"stages_ms", std::move(stages)},
                       {"compute_ms", summary_json(stats.times.compute())}};
    return json.dump(2) + '\n';
}

}  // namespace emotion
