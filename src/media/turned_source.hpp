#pragma once

#include <memory>

#include "media/frame_source.hpp"

namespace emotion::media {

/// The same live source with every frame laid down by `turn`: a camera hung on its side, a telephone held
/// upright. Throws Error, naming the source, for a recording or picture: those say themselves how they are
/// to be shown.
std::unique_ptr<FrameSource> make_turned(std::unique_ptr<FrameSource> source, Orientation turn);

}  // namespace emotion::media
