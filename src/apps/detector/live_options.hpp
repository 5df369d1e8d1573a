#pragma once

#include <optional>
#include <string>
#include <vector>

#include "media/sources.hpp"
#include "results/label_commands.hpp"

namespace CLI {
class App;
}

namespace emotion::apps {

/// Command-line options for cameras and live display.
struct LiveOptions {
    media::CameraRequest camera;
    int rotate_deg = 0;          ///< clockwise: 0, 90, 180 or 270; for cameras and streams
    std::optional<bool> mirror;  ///< unset: only cameras are mirrored, and only on screen
    bool wait = false;           ///< for a source that is not available initially
    bool blur = false;           ///< faces in all written outputs
    bool list_cameras = false, doctor = false;
    std::vector<results::LabelCommand> on_label;
    std::string serve_token;  ///< required by --serve; empty: none was given
};

/// Adds the options to the command line; parsing fills `options`. Parsing throws ConfigError for invalid
/// combinations.
void add_live_options(CLI::App& app, LiveOptions& options);

}  // namespace emotion::apps
