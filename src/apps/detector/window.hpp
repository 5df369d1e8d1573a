#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include <opencv2/core/mat.hpp>
#include <sys/types.h>

namespace emotion::apps {

/// Finds out whether a window can be opened. The window toolkits end the program where they cannot reach
/// their display, so a child tries it first. Make one before the program has any other thread; the child
/// works while the program loads.
class WindowTrial {
  public:
    WindowTrial();
    ~WindowTrial();
    WindowTrial(const WindowTrial&) = delete;
    WindowTrial& operator=(const WindowTrial&) = delete;

    /// Waits for the outcome: why no window can be opened, empty if one can.
    const std::string& problem();

  private:
    std::string find_out();

    pid_t child_ = -1;
    std::optional<std::string> problem_;
};

/// The window on the screen. To be used by the main thread alone.
class Window {
  public:
    explicit Window(std::string title);
    ~Window();
    Window(const Window&) = delete;
    Window& operator=(const Window&) = delete;

    /// Puts `canvas` (CV_8UC3 BGR) on the screen and answers what the user did meanwhile.
    void show(const cv::Mat& canvas);
    /// Goes on answering for `duration`; returns early, and true, when a key was pressed or the window
    /// closed.
    bool answer(std::chrono::milliseconds duration);
    /// The keys pressed since the last call, as characters, but for those that quit.
    std::string take_keys() { return std::exchange(keys_, {}); }
    void toggle_full_screen();
    /// Whether the user pressed q or Esc or closed the window.
    bool quit() const { return quit_; }
    /// Takes the window off the screen; nothing else may be asked of it then.
    void close();

  private:
    std::string title_;
    std::string keys_;
    bool quit_ = false;
    bool full_screen_ = false, closed_ = false;
    cv::Size fitted_to_;  ///< the canvas's
};

}  // namespace emotion::apps
