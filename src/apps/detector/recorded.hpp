#pragma once

#include <functional>
#include <string>
#include <vector>

#include "apps/detector/label_commands.hpp"
#include "apps/detector/options.hpp"
#include "apps/detector/outputs.hpp"
#include "apps/detector/progress.hpp"
#include "apps/detector/window.hpp"
#include "drawing/overlay.hpp"
#include "media/frame_source.hpp"
#include "pipeline/frame_pipeline.hpp"
#include "pipeline/run_stats.hpp"
#include "results/recording_summary.hpp"

namespace emotion::apps {

/// What a run lends to the work on one of its recordings.
struct RecordedParts {
    const DetectorOptions& options;
    const pipeline::SmoothingOptions& smoothing;
    pipeline::FramePipeline& pipeline;
    Window* window;  ///< null: none
    drawing::OverlayStyle& style;
    pipeline::RunStats& stats;
    LabelCommands& commands;
    RecordingProgress& progress;
    std::function<bool()> stopped;
    std::function<void(const faces::FrameResult&)> write_shared_tables;
    std::vector<results::RecordingSummary>& summaries;  ///< that of this recording is added
};

/// The text of --summary, of the kind that the file's name asks for.
std::string summary_for(const std::string& target, const std::vector<results::RecordingSummary>& summaries,
                        const std::vector<std::string>& classes);

/// Works through a video or picture file. Returns whether it was stopped before the recording's end. Throws
/// whatever the source, the analysis, an output or write_shared_tables throws, when all outputs are finished
/// that can be: they hold the frames before. Without a frame earlier outputs stay.
bool watch_recording(media::FrameSource& source, const SourceFiles& files, const media::Notes& notes,
                     const RecordedParts& parts);

}  // namespace emotion::apps
