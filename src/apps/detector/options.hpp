#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "apps/detector/live_options.hpp"
#include "apps/detector/recorded_options.hpp"
#include "results/output_table.hpp"

namespace emotion::apps {

/// The command line of emotion-detector.
struct DetectorOptions {
    std::vector<std::string> sources;  ///< empty: the first camera that opens
    std::filesystem::path model;
    std::filesystem::path config;
    results::OutputTargets outputs;  ///< a file, a folder, or "-": standard output
    std::optional<int> min_face_px;  ///< overrides the configuration
    std::optional<std::int64_t> max_frames;
    LiveOptions live;
    int threads = 0;  ///< 0: one per core
    bool headless = false;
    bool print_config = false;
    RecordedOptions recorded;
};

/// The options given that have no effect on cameras and live streams, in the order of the help.
std::vector<std::string> only_for_recordings(const DetectorOptions& options);

/// Parses the command line; nullopt after --help or --version has been printed. Throws ConfigError.
std::optional<DetectorOptions> parse_detector_options(int argc, char** argv);

}  // namespace emotion::apps
