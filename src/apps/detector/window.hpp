#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <opencv2/core/mat.hpp>

#include "base/subprocess.hpp"

namespace emotion::apps {

/// Checks whether a window can be opened. Window toolkits exit the program if they cannot connect to the
/// display, so a child process tries first. Create it before starting any thread; the child runs while the
/// program loads.
class DisplayProbe {
  public:
    DisplayProbe();
    ~DisplayProbe();
    DisplayProbe(const DisplayProbe&) = delete;
    DisplayProbe& operator=(const DisplayProbe&) = delete;

    /// Waits for the result: why no window can be opened, or empty if one can.
    std::string problem();

  private:
    std::optional<Subprocess> child_;
};

/// Shows pictures. Only for the main thread.
class Window {
  public:
    Window() = default;
    virtual ~Window() = default;
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    /// Shows a picture (CV_8UC3 BGR) and handles pending user input.
    virtual void show(const cv::Mat& bgr) = 0;
    /// Handles user input for `duration`; returns true, and early, on a key press or when the window is
    /// closed.
    virtual bool process_events(std::chrono::milliseconds duration) = 0;
    /// The keys pressed since the last call, as characters, without those that quit.
    virtual std::string take_keys() = 0;
    virtual void toggle_full_screen() = 0;
    /// Whether the user pressed q or Esc or closed the window.
    virtual bool quit() const = 0;
    /// Removes the window from the screen; no other function may be called afterwards.
    virtual void close() = 0;
};

/// A window on the screen.
class ScreenWindow : public Window {
  public:
    explicit ScreenWindow(std::string title);
    ~ScreenWindow() override;

    void show(const cv::Mat& bgr) override;
    bool process_events(std::chrono::milliseconds duration) override;
    std::string take_keys() override { return std::exchange(keys_, {}); }
    void toggle_full_screen() override;
    bool quit() const override { return quit_; }
    void close() override;

  private:
    std::string title_;
    std::string keys_;
    bool quit_ = false;
    bool full_screen_ = false, closed_ = false;
    cv::Size fitted_to_;  ///< the picture's size at the last fit
};

/// The window of a run, opened on first use.
class Display {
  public:
    /// Probes the display, before any thread is started, unless `headless` or `window` is given.
    Display(bool headless, std::unique_ptr<Window> window);

    /// Whether a window is open or can be opened. Waits for the probe.
    bool is_available();
    /// Null if there is none; the first call then reports it on stderr, followed by `advice`, unless
    /// headless.
    Window* window(const std::string& advice = {});
    bool quit() const { return window_ && window_->quit(); }
    void close();

  private:
    std::optional<DisplayProbe> probe_;   ///< until the window is opened
    std::optional<std::string> problem_;  ///< found by the probe
    std::unique_ptr<Window> window_;
};

}  // namespace emotion::apps
