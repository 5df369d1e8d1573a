#pragma once

#include <string>
#include <vector>

#include "vision/frame_source.hpp"
#include "vision/notes.hpp"

namespace emotion::apps {

/// Whether more than one source may come of these: several, or a folder.
bool several(const std::vector<std::string>& named);

/// Whether a source stands still.
bool is_picture(const SourceInfo& source);

/// The sources to open, in order; for none at all the first camera. A folder stands for the pictures and
/// videos in it, in natural order, so that each is told apart in the results; `notes` is told how many files
/// were neither. A folder without any stays, for its opening to fail.
std::vector<std::string> expand_sources(const std::vector<std::string>& named, const Notes& notes);

}  // namespace emotion::apps
