#pragma once

#include <limits>
#include <optional>

#include "pipeline/neutral_baseline.hpp"

namespace CLI {
class App;
}

namespace emotion::apps {

/// Command-line options for recordings.
struct RecordedOptions {
    double start_s = 0.0;
    double end_s = std::numeric_limits<double>::infinity();
    int every = 1;              ///< >= 1: search every n-th frame
    std::optional<double> fps;  ///< of recordings that store no times; > 0
    bool causal = false;
    std::optional<pipeline::RestInterval> rest;  ///< when the faces are at rest
    int jobs = 1;                                ///< 0: one per core
    bool skip_done = false;
};

/// Adds the options to the command line; parsing fills `options`.
void add_recorded_options(CLI::App& app, RecordedOptions& options);

/// Throws ConfigError for incompatible options.
void check(const RecordedOptions& options);

}  // namespace emotion::apps
