#pragma once

#include <chrono>
#include <optional>

#include "apps/detector/session.hpp"
#include "drawing/canvas.hpp"
#include "pipeline/analyzed_frame.hpp"

namespace emotion::apps {

/// Who watches the frames of a source while they are worked on: nobody, by itself.
class Viewer {
  public:
    Viewer() = default;
    virtual ~Viewer() = default;
    Viewer(const Viewer&) = delete;
    Viewer& operator=(const Viewer&) = delete;

    /// Called often, whether frames come or not.
    virtual void process_events() {}
    /// Returns when it is time for the frame of `time_s`.
    virtual void wait_until_due(double /*time_s*/) {}
    virtual void show(const pipeline::AnalyzedFrame&, drawing::Canvas&) {}
};

/// Shows how far a recording is, on stderr.
class ProgressViewer : public Viewer {
  public:
    explicit ProgressViewer(RecordingProgress& progress) : progress_(progress) {}
    void show(const pipeline::AnalyzedFrame&, drawing::Canvas&) override { progress_.frame_done(); }

  private:
    RecordingProgress& progress_;
};

/// Shows a recording in the window; one that is only watched at its own pace.
class RecordingViewer : public Viewer {
  public:
    RecordingViewer(Window& window, const Session& session) : window_(window), session_(session) {}

    void process_events() override { window_.process_events(std::chrono::milliseconds(0)); }
    void wait_until_due(double time_s) override;
    void show(const pipeline::AnalyzedFrame& frame, drawing::Canvas& canvas) override;

  private:
    using Clock = std::chrono::steady_clock;

    Window& window_;
    const Session& session_;
    const Clock::time_point begun_ = Clock::now();
    std::optional<double> first_s_;  ///< of the first frame
};

}  // namespace emotion::apps
