#pragma once

#include <functional>
#include <string>

namespace emotion::media {

/// Called with one line about a problem after which work continues: a skipped file, a damaged frame, a less
/// suitable encoder. May be empty.
using WarningHandler = std::function<void(const std::string& line)>;

}  // namespace emotion::media
