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

/// What of the command line concerns cameras, and what is seen while it is seen.
struct LiveOptions {
    media::CameraRequest camera;
    int rotate_deg = 0;          ///< clockwise: 0, 90, 180 or 270; of the pictures of cameras and streams
    std::optional<bool> mirror;  ///< unset: cameras are shown as in a mirror, nothing else is
    bool wait = false;           ///< for a source that is not there at the start
    bool blur = false;           ///< faces in all that is written
    bool list_cameras = false, doctor = false;
    std::vector<results::LabelCommand> on_label;
    std::string serve_token;  ///< that --serve asks for; empty: none was named
};

/// Adds the options to the command line; when it is parsed, `options` holds what they say. Throws ConfigError
/// then for what cannot be meant.
void add_live_options(CLI::App& app, LiveOptions& options);

}  // namespace emotion::apps
