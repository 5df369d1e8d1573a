#pragma once

#include "faces/frame_result.hpp"
#include "media/frame.hpp"
#include "pipeline/stage_times.hpp"

namespace emotion::pipeline {

/// A frame with what was seen in it.
struct AnalysedFrame {
    media::Frame frame;
    faces::FrameResult result;
    FrameTimes times;
    bool searched = true;  ///< false: its faces are those of the last frame that was
};

}  // namespace emotion::pipeline
