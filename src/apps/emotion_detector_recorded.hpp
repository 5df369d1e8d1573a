#pragma once

#include <functional>
#include <string>
#include <vector>

#include "apps/emotion_detector_events.hpp"
#include "apps/emotion_detector_options.hpp"
#include "apps/emotion_detector_outputs.hpp"
#include "apps/emotion_detector_progress.hpp"
#include "apps/emotion_detector_window.hpp"
#include "base/error.hpp"
#include "pipeline/frame_pipeline.hpp"
#include "pipeline/recording_summary.hpp"
#include "pipeline/run_stats.hpp"
#include "vision/frame_source.hpp"
#include "vision/overlay.hpp"

namespace emotion::apps {

/// What a run lends to the work on one of its recordings.
struct RecordedParts {
    const DetectorOptions& options;
    const SmoothingOptions& smoothing;
    FramePipeline& pipeline;
    Window* window;  ///< null: none
    OverlayStyle& style;
    RunStats& stats;
    LabelCommands& commands;
    RecordingProgress& progress;
    std::function<bool()> stopped;
    std::function<void(const FrameResult&)> write_shared_tables;
    std::vector<RecordingSummary>& summaries;  ///< that of this recording is added
};

/// Thrown through the work on a source: what is written from all sources together cannot be written any more.
struct SharedOutputFailed : Error {
    using Error::Error;
};

/// How the work on a recording ended.
struct RecordedEnd {
    bool stopped = false;  ///< asked to, before the recording's end
    std::string problem;   ///< why frames or outputs are missing; empty: none are
};

/// The text of --summary, of the kind that the file's name asks for.
std::string summary_for(const std::string& target, const std::vector<RecordingSummary>& summaries,
                        const std::vector<std::string>& classes);

/// Works through a video or picture file; of frames and outputs that fail, what was done before is kept.
/// Throws Error if an output cannot be opened, and whatever write_shared_tables throws.
RecordedEnd watch_recording(FrameSource& source, const SourceFiles& files, const Notes& notes,
                            const RecordedParts& parts);

}  // namespace emotion::apps
