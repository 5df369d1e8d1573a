#pragma once

#include <limits>
#include <optional>

#include "pipeline/neutral_baseline.hpp"

namespace CLI {
class App;
}

namespace emotion::apps {

/// The part of emotion-detector's command line that is about recordings.
struct RecordedOptions {
    double start_s = 0.0;
    double end_s = std::numeric_limits<double>::infinity();
    int every = 1;                       ///< >= 1: each so many frames one is searched
    std::optional<double> sequence_fps;  ///< of numbered pictures; > 0
    bool causal = false;
    std::optional<pipeline::RestInterval> rest;  ///< when faces are at rest
    int jobs = 1;                                ///< 0: as many as the machine has cores
    bool skip_done = false;
};

/// Adds the options to the command line; when it is parsed, `options` holds what they say.
void add_recorded_options(CLI::App& app, RecordedOptions& options);

/// Throws ConfigError for what cannot be meant together.
void check(const RecordedOptions& options);

}  // namespace emotion::apps
