#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "training/check/data_check.hpp"
#include "training/check/vote_check.hpp"

namespace emotion::training {

/// One picture of a contact sheet and what stands below it.
struct ContactTile {
    std::filesystem::path file;
    std::vector<std::string> caption;  ///< up to two lines, squeezed where they are too long
    std::size_t group = 0;             ///< tiles of one group follow one another and share a ground
};

/// The tiles in rows, as CV_8UC3 BGR; a picture that cannot be read leaves its place grey.
cv::Mat draw_contact_sheet(const std::vector<ContactTile>& tiles);

/// Writes into `folder`, which is made, a PNG for each kind of suspect there is, of at most a hundred
/// pictures, and gives their paths.
std::vector<std::filesystem::path> write_contact_sheets(const DataCheck& check,
                                                        const std::filesystem::path& folder);
/// The same of what people's votes say against the folders.
std::vector<std::filesystem::path> write_contact_sheets(const VoteCheck& votes, const DataCheck& check,
                                                        const std::filesystem::path& folder);

}  // namespace emotion::training
