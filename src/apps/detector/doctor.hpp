#pragma once

#include "apps/detector/options.hpp"

namespace emotion::apps {

/// Lists the cameras and their modes. Returns the exit code: 1 if there is none.
int print_cameras();

/// Checks everything needed for watching and prints a line for each: ok, a problem with a remedy, or a note
/// on something optional. Returns the exit code: 1 if there is any problem. Video codecs are tried in the
/// folder for temporary files.
int examine_everything(const DetectorOptions& options);

}  // namespace emotion::apps
