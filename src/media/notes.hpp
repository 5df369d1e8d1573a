#pragma once

#include <functional>
#include <string>

namespace emotion::media {

/// Called with one line about what went less well than it could have, though the work goes on: a file left
/// out, a damaged frame, the next best encoder. May be empty.
using Notes = std::function<void(const std::string& line)>;

}  // namespace emotion::media
