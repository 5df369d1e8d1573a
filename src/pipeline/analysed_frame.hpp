#pragma once

#include "pipeline/stage_times.hpp"
#include "media/frame.hpp"
#include "faces/frame_result.hpp"

namespace emotion {

/// A frame with what was seen in it.
struct AnalysedFrame {
    Frame frame;
    FrameResult result;
    FrameTimes times;
    bool searched = true;  ///< false: its faces are those of the last frame that was
};

}  // namespace emotion
