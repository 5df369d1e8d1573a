#pragma once

#include "faces/frame_result.hpp"

namespace emotion::drawing {

/// The result with its boxes where the faces are when the frame is shown as in a mirror.
faces::FrameResult mirrored(faces::FrameResult result);

}  // namespace emotion::drawing
