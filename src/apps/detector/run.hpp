#pragma once

#include "apps/detector/options.hpp"

namespace emotion::apps {

/// Processes all sources; a failing one is reported on stderr in one line, and the others are still
/// processed. Returns the program's exit code. Throws Error if it cannot continue.
int run_detector(const DetectorOptions& options);

}  // namespace emotion::apps
