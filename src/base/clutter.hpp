#pragma once

#include <filesystem>

namespace emotion {

/// Whether an entry of a folder is none of the user's: hidden files, and those that macOS, Windows and
/// network drives create beside pictures for themselves.
bool is_clutter(const std::filesystem::path& entry);

}  // namespace emotion
