#pragma once

#include "apps/detector/options.hpp"

namespace emotion::apps {

/// Prints the cameras with what they can give. Returns the exit code: 1 if there is none.
int print_cameras();

/// Tries everything that watching needs and prints a line for each: ok, or a problem and how to mend it, or a
/// note on what is not needed. Returns the exit code: 1 if there is any problem. Video codecs are tried in
/// the folder for temporary files.
int examine_everything(const DetectorOptions& options);

}  // namespace emotion::apps
