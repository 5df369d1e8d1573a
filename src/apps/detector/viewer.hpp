#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <utility>

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

/// Holds a recording to the pace at which it plays, from now on.
class Pace {
  public:
    explicit Pace(const Session& session) : session_(session) {}

    /// Passes the time until the frame of `time_s` is due, or the session is to stop, by `idle`, which takes
    /// at most so long.
    void wait(double time_s, const std::function<void(std::chrono::milliseconds)>& idle);

  private:
    using Clock = std::chrono::steady_clock;

    const Session& session_;
    const Clock::time_point begun_ = Clock::now();
    std::optional<double> first_s_;  ///< of the first frame
};

/// Shows how far a recording is, on stderr.
class ProgressViewer : public Viewer {
  public:
    /// Without a `pace` as fast as can be.
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
    /// Without a `pace` as fast as can be.
    RecordingViewer(Window& window, std::optional<Pace> pace) : window_(window), pace_(std::move(pace)) {}

    void process_events() override { window_.process_events(std::chrono::milliseconds(0)); }
    void wait_until_due(double time_s) override;
    void show(const pipeline::AnalyzedFrame& frame, drawing::Canvas& canvas) override;

  private:
    Window& window_;
    std::optional<Pace> pace_;
};

}  // namespace emotion::apps
