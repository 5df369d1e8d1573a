#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "training/check/data_check.hpp"
#include "training/check/vote_check.hpp"

namespace emotion::training {

/// A picture of a contact sheet with its caption.
struct ContactTile {
    std::filesystem::path file;
    std::vector<std::string> caption;  ///< up to two lines, condensed if too long
    std::size_t group = 0;             ///< tiles of a group are consecutive and share a background
};

/// Arranges the tiles in rows, as CV_8UC3 BGR; unreadable pictures are left gray.
cv::Mat draw_contact_sheet(const std::vector<ContactTile>& tiles);

/// Writes a PNG for each kind of suspect picture found, with at most a hundred pictures each, into `folder`,
/// which is created. Returns their paths.
std::vector<std::filesystem::path> write_contact_sheets(const DataCheck& check,
                                                        const std::filesystem::path& folder);
/// The same for contradictions between votes and folders.
std::vector<std::filesystem::path> write_contact_sheets(const VoteCheck& votes, const DataCheck& check,
                                                        const std::filesystem::path& folder);

}  // namespace emotion::training
