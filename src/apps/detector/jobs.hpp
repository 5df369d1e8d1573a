#pragma once

#include <functional>

#include "apps/detector/options.hpp"

namespace emotion::apps {

/// Processes several sources at once, each in a separate process that calls `run` with options for only that
/// source and exits with its return value. Returns the combined exit code. Throws ConfigError for outputs
/// shared by sources.
int run_jobs(const DetectorOptions& options, const std::function<int(const DetectorOptions&)>& run);

}  // namespace emotion::apps
