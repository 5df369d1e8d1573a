#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "apps/detector/live_options.hpp"
#include "apps/detector/recorded_options.hpp"

namespace emotion::apps {

/// The command line of emotion-detector.
struct DetectorOptions {
    std::vector<std::string> sources;  ///< empty: the first camera that opens
    std::filesystem::path model;
    std::filesystem::path config;
    std::optional<std::filesystem::path> output;
    std::optional<std::string> jsonl, csv, stats;  ///< "-": the standard output
    std::optional<int> min_face_px;                ///< instead of the configuration's
    std::optional<std::int64_t> max_frames;
    LiveOptions live;
    int threads = 0;  ///< 0: as many as the machine has cores
    bool headless = false;
    bool print_config = false;
    RecordedOptions recorded;

    /// Whether anything is written, so that a run without a window is of use.
    bool writes() const { return output || jsonl || csv || stats || recorded.writes(); }
};

/// Reads the command line; nullopt once --help or --version was answered on the standard output. Throws
/// ConfigError for what cannot be meant.
std::optional<DetectorOptions> parse_detector_options(int argc, char** argv);

}  // namespace emotion::apps
