#pragma once

#include "apps/detector/options.hpp"
#include "pipeline/detector_config.hpp"

namespace emotion::apps {

/// The settings of --config with those of the command line in their place. Throws ConfigError.
pipeline::DetectorConfig effective_config(const DetectorOptions& options);

/// Works through all sources; one that fails is reported in a line on stderr and the others are done. Returns
/// the program's exit code. Throws Error where nothing more can be done.
int run_detector(const DetectorOptions& options);

}  // namespace emotion::apps
