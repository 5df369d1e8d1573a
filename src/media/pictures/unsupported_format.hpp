#pragma once

#include <string>
#include <string_view>

namespace emotion::media {

/// The name of a picture format that OpenCV does not read but FFmpeg would take for a video of one frame:
/// DDS, PCX, SGI or TGA; empty for anything else. `start` and `tail` are the first 32 bytes or more of the
/// file and its last 32. TGA has no magic bytes, so its header must be accompanied by the ending of `name` or
/// by the signature of version 2 in the tail.
std::string_view unsupported_format(std::string_view start, std::string_view tail, const std::string& name);

}  // namespace emotion::media
