#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <utility>

#include "apps/detector/session.hpp"
#include "drawing/canvas.hpp"
#include "pipeline/analyzed_frame.hpp"

namespace emotion::apps {

/// Observes the frames of a source during processing; this base class does nothing.
class Viewer {
  public:
    Viewer() = default;
    virtual ~Viewer() = default;
    Viewer(const Viewer&) = delete;
    Viewer& operator=(const Viewer&) = delete;

    /// Called frequently, with or without frames.
    virtual void process_events() {}
    /// Waits until the frame of `time_s` is due.
    virtual void wait_until_due(double /*time_s*/) {}
    virtual void show(const pipeline::AnalyzedFrame&, drawing::Canvas&) {}
};

/// Limits a recording to its playback speed.
class Pace {
  public:
    explicit Pace(const Session& session) : session_(session) {}

    /// Waits until the frame of `time_s` is due, or the session stops, by calling `idle` with the maximum
    /// time to spend.
    void wait(double time_s, const std::function<void(std::chrono::milliseconds)>& idle);

  private:
    using Clock = std::chrono::steady_clock;

    const Session& session_;
    const Clock::time_point started_ = Clock::now();
    std::optional<double> first_s_;  ///< of the first frame
};

/// Shows the progress of a recording on stderr.
class ProgressViewer : public Viewer {
  public:
    /// Without `pace` frames are not delayed.
    ProgressViewer(RecordingProgress& progress, std::optional<Pace> pace)
        : progress_(progress), pace_(std::move(pace)) {}

    void wait_until_due(double time_s) override;
    void show(const pipeline::AnalyzedFrame&, drawing::Canvas&) override { progress_.frame_done(); }

  private:
    RecordingProgress& progress_;
    std::optional<Pace> pace_;
};

/// Shows a recording in the window.
class RecordingViewer : public Viewer {
  public:
    /// Without `pace` frames are not delayed.
    RecordingViewer(Window& window, std::optional<Pace> pace) : window_(window), pace_(std::move(pace)) {}

    void process_events() override { window_.process_events(std::chrono::milliseconds(0)); }
    void wait_until_due(double time_s) override;
    void show(const pipeline::AnalyzedFrame& frame, drawing::Canvas& canvas) override;

  private:
    Window& window_;
    std::optional<Pace> pace_;
};

}  // namespace emotion::apps
