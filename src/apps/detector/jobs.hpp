#pragma once

#include <functional>

#include "apps/detector/options.hpp"

namespace emotion::apps {

/// Works on several sources at once, each in a process of its own, which calls `run` with options for that
/// source alone and exits with what it returns. Returns the exit code of all together. Throws ConfigError for
/// outputs that sources would share.
int run_jobs(const DetectorOptions& options, const std::function<int(const DetectorOptions&)>& run);

}  // namespace emotion::apps
