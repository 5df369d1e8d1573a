#pragma once

#include <filesystem>

namespace emotion::media {

/// Whether a file in a folder should be opened as a source: its extension is that of a video or picture, so a
/// failure is worth reporting, or FFmpeg or OpenCV recognizes its content.
bool is_media_file(const std::filesystem::path& file);

}  // namespace emotion::media
