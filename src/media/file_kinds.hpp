#pragma once

#include <filesystem>

namespace emotion::media {

/// Whether a file of a folder is worth opening as a source: its ending is one of videos or pictures, so that
/// it is worth telling if it is none, or FFmpeg or OpenCV finds a video or picture in it whatever its name.
bool is_media_file(const std::filesystem::path& file);

}  // namespace emotion::media
