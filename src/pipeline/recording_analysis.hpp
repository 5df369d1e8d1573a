#pragma once

#include <chrono>
#include <limits>
#include <optional>
#include <stop_token>
#include <thread>

#include "base/bounded_queue.hpp"
#include "media/frame_source.hpp"
#include "pipeline/analysed_frame.hpp"
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
class RecordingAnalysis {
  public:
    /// Starts the source on the pipeline, and the threads.
    RecordingAnalysis(media::FrameSource& source, FramePipeline& pipeline, const AnalysisOptions& options);

    /// Waits for `patience` at most. Whether next() need not wait.
    bool ready(std::chrono::milliseconds patience) { return analysed_.ready(patience); }
    /// The next frame; nullopt at the end. Throws what the source or the pipeline threw, behind the last
    /// frame before that.
    std::optional<AnalysedFrame> next() { return analysed_.pop(); }

  private:
    struct FoundFrame {
        AnalysedFrame frame;  ///< without a result as yet
        FoundFaces found;
    };

    void decode(const std::stop_token& stop);
    void find(const std::stop_token& stop);
    void label(const std::stop_token& stop);
    void label(AnalysedFrame& frame, const FoundFaces& found);
    bool pass_on(AnalysedFrame frame, const std::stop_token& stop);

    media::FrameSource& source_;
    FramePipeline& pipeline_;
    const AnalysisOptions options_;
    std::optional<TwoWaySmoother> smoother_;
    faces::FrameResult carried_;  // of the frame searched last
    BoundedQueue<AnalysedFrame> decoded_;
    BoundedQueue<FoundFrame> found_;
    BoundedQueue<AnalysedFrame> analysed_;
    std::jthread decoder_, finder_, labeller_;  // last, so that they end before what they work on
};

}  // namespace emotion::pipeline
