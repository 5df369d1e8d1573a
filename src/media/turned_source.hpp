#pragma once

#include <memory>

#include "media/frame_source.hpp"

namespace emotion::media {

/// A live source with every frame rotated by `turn`, for a camera mounted sideways or a phone held upright.
/// Throws Error naming the source for a recording or picture, whose orientation is in the file.
std::unique_ptr<FrameSource> make_turned(std::unique_ptr<FrameSource> source, Orientation turn);

}  // namespace emotion::media
