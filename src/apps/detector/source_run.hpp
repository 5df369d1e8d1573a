#pragma once

#include <cstdint>

#include "apps/detector/session.hpp"
#include "apps/detector/viewer.hpp"
#include "drawing/canvas.hpp"
#include "pipeline/analysis.hpp"
#include "results/output_set.hpp"

namespace emotion::apps {

/// Passes the frames of a source to the viewer and to its own and the shared outputs.
class SourceRun {
  public:
    SourceRun(Session& session, drawing::Canvas& canvas, Viewer& viewer, results::OutputSet& own)
        : session_(session), canvas_(canvas), viewer_(viewer), own_(own) {}

    /// Starts the outputs, which otherwise happens with the first frame. Throws Error.
    void start(const media::SourceInfo& source);
    /// Runs to the end of the source or until the session stops, and finishes the outputs of this source; if
    /// they are incomplete, those in `marked` are marked so. Rethrows exceptions of the analysis or an output
    /// after finishing all outputs possible, with the frames so far. Without any frame existing outputs are
    /// left as they were.
    void run(pipeline::Analysis& analysis, const results::OutputTargets& marked = {});

  private:
    void watch(pipeline::Analysis& analysis);
    void take(pipeline::AnalyzedFrame& frame);
    void finish(const results::SourceEnd& how, results::ErrorCollector& errors);

    Session& session_;
    drawing::Canvas& canvas_;
    Viewer& viewer_;
    results::OutputSet& own_;
    bool started_ = false;
    double seconds_per_frame_ = 0.0;  ///< of the source; 0: unknown
    double last_frame_s_ = 0.0;       ///< the duration of the newest frame
    std::int64_t frames_ = 0;         ///< written to all outputs
};

}  // namespace emotion::apps
