#pragma once

#include <cstdint>
#include <string>

#include "pipeline/stage_times.hpp"

namespace emotion::pipeline {

/// What a run of the detector came to.
struct RunStats {
    double seconds = 0.0;            ///< from the first source's opening to the last one's end
    std::int64_t dropped = 0;        ///< frames that the sources gave no time to analyse
    StageTimes times;                ///< of the frames analyzed
    DurationHistogram latency;       ///< of live sources: from a frame's arrival until it is drawn
    double newest_latency_ms = 0.0;  ///< of the newest frame
};

/// As JSON: frames, seconds, dropped; stages_ms with mean, p50, p95 and p99 of every stage; compute_ms the
/// same for the time from a decoded frame to its result; latency_ms the same where a source was live.
std::string stats_json(const RunStats& stats);

}  // namespace emotion::pipeline
