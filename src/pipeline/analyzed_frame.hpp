#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "faces/frame_result.hpp"
#include "media/frame.hpp"
#include "pipeline/stage_times.hpp"

namespace emotion::pipeline {

/// A frame with what was seen in it.
struct AnalyzedFrame {
    media::Frame frame;
    faces::FrameResult result;
    FrameTimes times;
    bool searched = true;  ///< false: its faces are those of the last frame that was
    std::optional<std::chrono::steady_clock::time_point> arrived{};  ///< of a live source: when it came
    std::int64_t dropped = 0;  ///< frames of a live source before it that there was no time for
};

}  // namespace emotion::pipeline
