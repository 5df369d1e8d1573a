#pragma once

#include "faces/frame_result.hpp"

namespace emotion::drawing {

/// The result with its boxes mirrored horizontally, for a mirrored frame.
faces::FrameResult mirrored(faces::FrameResult result);

}  // namespace emotion::drawing
