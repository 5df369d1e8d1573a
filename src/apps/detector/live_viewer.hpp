#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "apps/detector/face_explanation.hpp"
#include "apps/detector/live_view.hpp"
#include "apps/detector/session.hpp"
#include "apps/detector/viewer.hpp"
#include "model/model_card.hpp"
#include "pipeline/live_analysis.hpp"
#include "results/live_recorder.hpp"
#include "results/remote_control.hpp"

namespace emotion::apps {

/// An exponential average over roughly the last dozen values.
class RunningMean {
  public:
    void add(double value) {
        ++count_;
        mean_ += (value - mean_) / std::min(count_, 12);
    }
    double mean() const { return mean_; }

  private:
    double mean_ = 0.0;
    int count_ = 0;
};

/// When frames came and were shown, and the means of both.
struct LiveTiming {
    using Time = std::chrono::steady_clock::time_point;
    RunningMean interval_s, latency_s;
    Time arrived;
    Time worked_on;  ///< on a slow machine long after it arrived
    Time drawn;
};

/// A message about the last key, shown for a few seconds.
class KeyMessage {
  public:
    void set(std::string text);
    /// Empty if it is no longer shown.
    std::string text() const;
    /// The number of messages so far.
    std::int64_t count() const { return count_; }

  private:
    std::string text_;
    std::chrono::steady_clock::time_point time_;
    std::int64_t count_ = 0;
};

/// Shows a live source in the window, if any, and handles keys, including those from a page in the browser.
class LiveViewer : public Viewer {
  public:
    /// `name` is the source's name in the window. All references must outlive it.
    LiveViewer(Session& session, pipeline::LiveAnalysis& analysis, drawing::Canvas& canvas,
               results::LiveRecorder& recorder, std::string name);

    ~LiveViewer() override;

    void process_events() override;
    void show(const pipeline::AnalyzedFrame& frame, drawing::Canvas& canvas) override;

    /// What was last shown besides the picture.
    const LiveView& view() const { return view_; }

  private:
    void draw();
    bool handle(char key);
    void toggle_neutral();
    void shift_confidence(double by);
    std::string problem() const;
    std::string recording() const;
    std::vector<std::string> details() const;
    results::ControlState control_state() const;

    Session& session_;
    pipeline::LiveAnalysis& analysis_;
    drawing::Canvas& canvas_;
    results::LiveRecorder& recorder_;
    const std::string name_;
    std::vector<model::ShownClass> shown_;
    FaceExplanation explanation_;
    LiveTiming timing_;
    LiveView view_;
    bool show_details_ = false;
    KeyMessage message_;
    cv::Mat picture_;
};

}  // namespace emotion::apps
