#pragma once

#include <string>
#include <vector>

#include "media/video/libav.hpp"

namespace emotion::media {

/// What there is to see in a file besides the stream that is looked at, each as the end of a line that begins
/// with the file's name: further videos beside it, or behind it, where MP4 files were put together byte by
/// byte and no player comes to the second. `file` is empty for a stream.
std::vector<std::string> left_out(const AVFormatContext& container, const AVStream& looked_at,
                                  const std::string& file);

/// Whether an MP4 or MOV file ends before its index, without which nobody knows where in it a frame begins.
bool is_movie_without_index(const std::string& file);

}  // namespace emotion::media
