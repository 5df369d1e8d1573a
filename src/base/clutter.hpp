#pragma once

#include <filesystem>

namespace emotion {

/// Whether an entry of a folder was put there by a system or program for itself, so that nobody means it by
/// naming the folder: hidden files, and what macOS, Windows and network drives leave beside pictures.
bool is_clutter(const std::filesystem::path& entry);

}  // namespace emotion
