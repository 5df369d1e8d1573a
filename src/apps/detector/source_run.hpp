#pragma once

#include <cstdint>

#include "apps/detector/session.hpp"
#include "apps/detector/viewer.hpp"
#include "drawing/canvas.hpp"
#include "pipeline/analysis.hpp"
#include "results/output_set.hpp"

namespace emotion::apps {

/// Takes the frames of one source to who watches them, to the outputs of this source and to the shared ones.
class SourceRun {
  public:
    SourceRun(Session& session, drawing::Canvas& canvas, Viewer& viewer, results::OutputSet& own)
        : session_(session), canvas_(canvas), viewer_(viewer), own_(own) {}

    /// Starts the outputs; without this the first frame does. Throws Error.
    void start(const media::SourceInfo& source);
    /// Runs to the source's end, or until the session is to stop, and finishes the outputs of this source;
    /// those of `marked` are told from whole ones if they are not. Throws whatever the analysis or an output
    /// throws, when all outputs are finished that can be: they hold the frames before. Without a frame
    /// earlier outputs stay.
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
    double seconds_per_frame_ = 0.0;  ///< of the source; 0: nobody knows
    double last_frame_s_ = 0.0;       ///< how long the newest frame is in sight
    std::int64_t frames_ = 0;         ///< that all outputs have
};

}  // namespace emotion::apps
