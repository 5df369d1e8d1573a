#pragma once

#include "apps/detector/options.hpp"

namespace emotion::apps {

/// Works through all sources; one that fails is reported in a line on stderr and the others are done. Returns
/// the program's exit code. Throws Error where nothing more can be done.
int run_detector(const DetectorOptions& options);

}  // namespace emotion::apps
