#pragma once

#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "apps/detector/label_commands.hpp"
#include "apps/detector/options.hpp"
#include "apps/detector/outputs.hpp"
#include "apps/detector/window.hpp"
#include "drawing/overlay.hpp"
#include "media/frame_source.hpp"
#include "pipeline/frame_pipeline.hpp"
#include "pipeline/run_stats.hpp"

namespace emotion::apps {

/// What a run lends to the work on one of its live sources.
struct LiveParts {
    const DetectorOptions& options;
    pipeline::FramePipeline& pipeline;
    Window* window;  ///< null: none
    const drawing::OverlayStyle& style;
    pipeline::RunStats& stats;
    LabelCommands& commands;
    std::function<bool()> stopped;
    std::stop_source& leave;  ///< that of the source, asked when the work on it ends
    std::function<void(const faces::FrameResult&, const media::SourceInfo&)> write_shared_tables;
};

/// Whether `name` means a camera; streams show only when they are opened that they are live.
bool is_camera(const std::string& name);

/// Watches a camera or stream until the user stops it, it ends, or --max-frames are done, always working on
/// the newest frame. `opened` is the stream if it is open already. A source that goes away is waited for.
/// Throws Error if it cannot be opened at the start or an output cannot be written, and whatever
/// write_shared_tables throws; what was done before is kept.
void watch_live(const std::string& name, std::unique_ptr<media::FrameSource> opened, const SourceFiles& files,
                const LiveParts& parts);

}  // namespace emotion::apps
