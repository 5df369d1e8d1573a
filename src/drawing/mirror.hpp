#pragma once

#include "faces/frame_result.hpp"

namespace emotion {

/// The result with its boxes where the faces are when the frame is shown as in a mirror.
FrameResult mirrored(FrameResult result);

}  // namespace emotion
