#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "media/frame_source.hpp"
#include "media/notes.hpp"

namespace emotion::apps {

struct Source {
    std::string name;             ///< as open_source takes it
    std::filesystem::path place;  ///< under which its own outputs stand in a folder
    std::string shown{};          ///< as it is told to people: an address without its secrets
};

/// Whether more than one source may come of these: several, a folder or a pattern.
bool several(const std::vector<std::string>& named);

/// Whether a source stands still.
bool is_picture(const media::SourceInfo& source);

using LeavesOut = std::function<bool(const std::filesystem::path& file, const std::filesystem::path& folder)>;

/// The sources to open, in order; for none at all the first camera. A folder stands for the pictures and
/// videos in it and in its folders, in natural order, so that each is told apart in the results, but for what
/// is hidden or `leaves_out(file, folder)` says; `notes` is told how many files were neither. A folder
/// without any stays, for its opening to fail. A name with * ? or [ that is no file's stands for the files
/// that it fits.
std::vector<Source> expand_sources(const std::vector<std::string>& named, const LeavesOut& leaves_out,
                                   const media::Notes& notes);

}  // namespace emotion::apps
