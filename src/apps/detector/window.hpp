#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <opencv2/core/mat.hpp>

#include "base/subprocess.hpp"

namespace emotion::apps {

/// Finds out whether a window can be opened. The window toolkits end the program where they cannot reach
/// their display, so a child tries it first. Make one before the program has any other thread; the child
/// works while the program loads.
class DisplayProbe {
  public:
    DisplayProbe();
    ~DisplayProbe();
    DisplayProbe(const DisplayProbe&) = delete;
    DisplayProbe& operator=(const DisplayProbe&) = delete;

    /// Waits for the outcome: why no window can be opened, empty if one can.
    std::string problem();

  private:
    std::optional<Subprocess> child_;
};

/// What pictures are shown in. To be used by the main thread alone.
class Window {
  public:
    Window() = default;
    virtual ~Window() = default;
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    /// Shows a picture (CV_8UC3 BGR) and handles what the user did meanwhile.
    virtual void show(const cv::Mat& bgr) = 0;
    /// Handles what the user does for `duration`; returns early, and true, when a key was pressed or the
    /// window closed.
    virtual bool process_events(std::chrono::milliseconds duration) = 0;
    /// The keys pressed since the last call, as characters, but for those that quit.
    virtual std::string take_keys() = 0;
    virtual void toggle_full_screen() = 0;
    /// Whether the user pressed q or Esc or closed the window.
    virtual bool quit() const = 0;
    /// Takes the window off the screen; nothing else may be asked of it then.
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
    cv::Size fitted_to_;  ///< the picture's
};

/// The window of a run, opened when it is first asked for.
class Display {
  public:
    /// Probes the display, before any thread, unless there is to be no window or `window` is to be it.
    Display(bool headless, std::unique_ptr<Window> window);

    /// Whether there is a window or one can be opened. Waits for the probe.
    bool is_available();
    /// Null: there is none; the first call says so on stderr, with `advice` behind it, if one was wanted.
    Window* window(const std::string& advice = {});
    bool quit() const { return window_ && window_->quit(); }
    void close();

  private:
    std::optional<DisplayProbe> probe_;   ///< until the window is opened
    std::optional<std::string> problem_;  ///< that the probe found
    std::unique_ptr<Window> window_;
};

}  // namespace emotion::apps
