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
    results::OutputTargets outputs;  ///< a file, a folder, or "-": the standard output
    std::optional<int> min_face_px;  ///< instead of the configuration's
    std::optional<std::int64_t> max_frames;
    LiveOptions live;
    int threads = 0;  ///< 0: as many as the machine has cores
    bool headless = false;
    bool print_config = false;
    RecordedOptions recorded;
};

/// Reads the command line; nullopt once --help or --version was answered on the standard output. Throws
/// ConfigError for what cannot be meant.
std::optional<DetectorOptions> parse_detector_options(int argc, char** argv);

}  // namespace emotion::apps
