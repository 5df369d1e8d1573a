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
    int every = 1;  ///< each so many frames one is searched, from the first; the others carry its faces
    double end_s = std::numeric_limits<double>::infinity();  ///< frames from this time on are left out
    std::optional<SmoothingOptions> look_ahead;  ///< smooth over time in both directions; nullopt: as if live
    bool keep_pixels = true;  ///< false: frames are given without their pixels, for less memory
};

/// The frames of a recording in order with what is seen in them. One thread decodes, one finds faces and one
/// labels them ahead of the caller's, each a few frames before the next. Not thread-safe; `source` and
/// `pipeline` belong to it while it lives.
class RecordingAnalysis : public Analysis {
  public:
    /// Starts the source on the pipeline, and the threads.
    RecordingAnalysis(media::FrameSource& source, FramePipeline& pipeline, const AnalysisOptions& options);

    const media::SourceInfo* info() const override { return &source_.info(); }
    std::optional<AnalyzedFrame> next(std::chrono::milliseconds timeout) override;
    bool ended() const override { return ended_; }

  private:
    struct FoundFrame {
        AnalyzedFrame frame;  ///< without a result as yet
        FoundFaces found;
    };

    void decode(const std::stop_token& stop);
    void find(const std::stop_token& stop);
    void label(const std::stop_token& stop);
    void label(AnalyzedFrame& frame, const FoundFaces& found);
    bool pass_on(AnalyzedFrame frame, const std::stop_token& stop);

    media::FrameSource& source_;
    FramePipeline& pipeline_;
    const AnalysisOptions options_;
    std::optional<TwoWaySmoother> smoother_;
    bool ended_ = false;
    faces::FrameResult carried_;  // of the frame searched last
    BoundedQueue<AnalyzedFrame> decoded_;
    BoundedQueue<FoundFrame> found_;
    BoundedQueue<AnalyzedFrame> analyzed_;
    std::jthread decoder_, finder_, labeller_;  // last, so that they end before what they work on
};

}  // namespace emotion::pipeline
