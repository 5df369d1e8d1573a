#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace emotion::training {

/// The part of the data that a folder's name means, whatever its case: "validation" for val, Valid or dev;
/// empty if it means none.
std::string split_meant_by(const std::string& name);

/// The folders in `data` that contain folders and whose names mean `split` but are spelled differently,
/// sorted.
std::vector<std::filesystem::path> misnamed_splits(const std::filesystem::path& data,
                                                   const std::string& split);

/// One sentence for each folder that is passed over because of its name or, if `splits` has none (only an
/// empty name), is taken for a class; it names the folder and the expected name.
std::vector<std::string> misnamed_splits_text(const std::filesystem::path& data,
                                              const std::vector<std::string>& splits);

}  // namespace emotion::training
