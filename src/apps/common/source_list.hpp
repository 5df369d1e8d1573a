#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "media/frame_source.hpp"
#include "media/warning_handler.hpp"

namespace emotion::apps {

struct Source {
    std::string name;             ///< argument of open_source()
    std::filesystem::path place;  ///< base name of its outputs in a folder
    std::string shown{};          ///< name for messages: an address without its secrets
};

/// Whether there may be more than one source: several names, a folder or a pattern.
bool several(const std::vector<std::string>& named);

using LeavesOut = std::function<bool(const std::filesystem::path& file, const std::filesystem::path& folder)>;

/// Expands names into the sources to open, in order; without names the first camera. A folder stands for the
/// pictures and videos in it and its subfolders, in natural order, except hidden ones and those for which
/// `leaves_out(file, folder)`; `warn` is called with the number of other files. A folder without any is
/// kept, so that opening it fails. A name with * ? or [ that is not an existing file is a pattern.
std::vector<Source> expand_sources(const std::vector<std::string>& named, const LeavesOut& leaves_out,
                                   const media::WarningHandler& warn);

}  // namespace emotion::apps
