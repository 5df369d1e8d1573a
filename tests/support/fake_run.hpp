#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "apps/detector/window.hpp"
#include "pipeline/analysis.hpp"
#include "results/frame_output.hpp"

namespace emotion::test {

/// An analysis that follows the steps of a test: a frame, nothing for a while, or an exception; then it ends.
class ScriptedAnalysis : public pipeline::Analysis {
  public:
    using Step = std::function<std::optional<pipeline::AnalyzedFrame>()>;

    explicit ScriptedAnalysis(std::deque<Step> steps, media::SourceInfo info = {})
        : steps_(std::move(steps)), info_(std::move(info)) {}

    static Step frame(std::int64_t index, double fps = 25.0) {
        return [=] {
            pipeline::AnalyzedFrame frame;
            frame.frame.index = frame.result.frame = index;
            frame.frame.time_s = frame.result.time_s = static_cast<double>(index) / fps;
            frame.frame.bgr = cv::Mat(48, 64, CV_8UC3, cv::Scalar::all(90));
            frame.result.size = frame.frame.bgr.size();
            return std::optional(std::move(frame));
        };
    }
    static std::deque<Step> frames(int count) {
        std::deque<Step> steps;
        for (int i = 0; i < count; ++i) steps.push_back(frame(i));
        return steps;
    }
    static Step nothing() {
        return [] { return std::nullopt; };
    }

    const media::SourceInfo* info() const override { return &info_; }
    std::optional<pipeline::AnalyzedFrame> next(std::chrono::milliseconds) override {
        if (steps_.empty()) {
            ended_ = true;
            return std::nullopt;
        }
        const auto step = std::move(steps_.front());
        steps_.pop_front();
        return step();
    }
    bool ended() const override { return ended_; }

  private:
    std::deque<Step> steps_;
    media::SourceInfo info_;
    bool ended_ = false;
};

/// An output that records its calls in `log`.
class LoggedOutput : public results::FrameOutput {
  public:
    LoggedOutput(std::string name, std::vector<std::string>& log) : name_(std::move(name)), log_(log) {}

    /// Runs `work`, which may throw, when this call is recorded: "write 3", for example.
    void on(const std::string& what, std::function<void()> work) {
        what_ = what;
        work_ = std::move(work);
    }

    void start(const media::SourceInfo& source) override { note("start " + source.name); }
    void write(const faces::FrameResult& result, drawing::Canvas&) override {
        note("write " + std::to_string(result.frame));
    }
    void end(const results::SourceEnd& how) override { note(how.continues ? "end early" : "end"); }
    void finish() override { note("finish"); }

  private:
    void note(const std::string& what) {
        log_.push_back(name_ + ": " + what);
        if (what == what_) work_();
    }

    const std::string name_;
    std::vector<std::string>& log_;
    std::string what_;
    std::function<void()> work_;
};

/// A fake window.
class FakeWindow : public apps::Window {
  public:
    /// The user's input for each time events are processed.
    std::deque<std::string> keys;
    cv::Mat shown;
    int pictures = 0, looks = 0;
    bool full_screen = false, closed = false;
    std::function<void()> at_look;  ///< called whenever events are processed

    void show(const cv::Mat& bgr) override {
        bgr.copyTo(shown);
        ++pictures;
    }
    bool process_events(std::chrono::milliseconds) override {
        ++looks;
        if (at_look) at_look();
        if (keys.empty()) return quit_;
        const auto pressed = std::move(keys.front());
        keys.pop_front();
        for (const char key : pressed)
            if (key == 'q')
                quit_ = true;
            else
                pressed_ += key;
        return true;
    }
    std::string take_keys() override { return std::exchange(pressed_, {}); }
    void toggle_full_screen() override { full_screen = !full_screen; }
    bool quit() const override { return quit_; }
    void close() override { closed = true; }

  private:
    std::string pressed_;
    bool quit_ = false;
};

}  // namespace emotion::test
