#pragma once

#include <cstdint>
#include <string>

#include "pipeline/stage_times.hpp"

namespace emotion::pipeline {

/// The statistics of a run.
struct RunStats {
    double seconds = 0.0;            ///< from opening the first source to the end of the last
    std::int64_t dropped = 0;        ///< frames skipped for lack of time
    StageTimes times;                ///< of the analyzed frames
    DurationHistogram latency;       ///< of live sources: from a frame's arrival until it is drawn
    double newest_latency_ms = 0.0;  ///< of the newest frame
};

/// As JSON: frames, seconds, dropped; stages_ms with mean, p50, p95 and p99 of every stage; compute_ms for
/// the time from a decoded frame to its result; latency_ms if any source was live.
std::string stats_json(const RunStats& stats);

}  // namespace emotion::pipeline
