#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "faces/frame_result.hpp"
#include "media/frame.hpp"
#include "pipeline/stage_times.hpp"

namespace emotion::pipeline {

/// A frame with its result.
struct AnalyzedFrame {
    media::Frame frame;
    faces::FrameResult result;
    FrameTimes times;
    bool searched = true;  ///< false: the faces are those of the last searched frame
    std::optional<std::chrono::steady_clock::time_point> arrived{};  ///< of a live source: time of arrival
    std::int64_t dropped = 0;  ///< frames of a live source skipped before it
};

}  // namespace emotion::pipeline
