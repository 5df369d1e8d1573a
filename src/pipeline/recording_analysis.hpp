#pragma once

#include <chrono>
#include <limits>
#include <optional>
#include <stop_token>
#include <thread>

#include "base/bounded_queue.hpp"
#include "media/frame_source.hpp"
#include "pipeline/analysis.hpp"
#include "pipeline/frame_pipeline.hpp"
#include "pipeline/label_smoother.hpp"
#include "pipeline/two_way_smoother.hpp"

namespace emotion::pipeline {

struct AnalysisOptions {
    int every = 1;  ///< search every n-th frame, from the first; the others get its faces
    double end_s = std::numeric_limits<double>::infinity();  ///< frames from this time on are omitted
    std::optional<SmoothingOptions> look_ahead;  ///< smooth over time in both directions; nullopt: as if live
    bool keep_pixels = true;  ///< false: frames are returned without pixels, to save memory
};

/// Provides the frames of a recording in order with their results. Separate threads decode, detect and label
/// a few frames ahead of the caller. Not thread-safe; has exclusive use of `source` and `pipeline` during its
/// lifetime.
class RecordingAnalysis : public Analysis {
  public:
    /// Starts the pipeline for the source, and the threads.
    RecordingAnalysis(media::FrameSource& source, FramePipeline& pipeline, const AnalysisOptions& options);

    const media::SourceInfo* info() const override { return &source_.info(); }
    std::optional<AnalyzedFrame> next(std::chrono::milliseconds timeout) override;
    bool ended() const override { return ended_; }

  private:
    struct DetectedFrame {
        AnalyzedFrame frame;  ///< without a result yet
        DetectedFaces found;
    };

    void decode(const std::stop_token& stop);
    void find(const std::stop_token& stop);
    void label(const std::stop_token& stop);
    void label(AnalyzedFrame& frame, const DetectedFaces& found);
    bool pass_on(AnalyzedFrame frame, const std::stop_token& stop);

    media::FrameSource& source_;
    FramePipeline& pipeline_;
    const AnalysisOptions options_;
    std::optional<TwoWaySmoother> smoother_;
    bool ended_ = false;
    faces::FrameResult carried_;  // of the last searched frame
    BoundedQueue<AnalyzedFrame> decoded_;
    BoundedQueue<DetectedFrame> found_;
    BoundedQueue<AnalyzedFrame> analyzed_;
    std::jthread decoder_, finder_, labeler_;  // last, so that they end before what they use
};

}  // namespace emotion::pipeline
