#include "apps/detector/window.hpp"

#include <algorithm>
#include <cstdlib>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <opencv2/highgui.hpp>  // its constants
#include <sys/resource.h>
#include <unistd.h>

#include "apps/detector/sources.hpp"
#include "apps/detector/window_toolkit.hpp"

namespace emotion::apps {
namespace {

using namespace std::chrono_literals;

constexpr auto kProbeLimit = 15s;
constexpr double kWidestAtFirst = 1280.0, kTallestAtFirst = 800.0;  // in pixels
constexpr int kEscape = 27;

bool is_set(const char* variable) {
    const char* value = std::getenv(variable);
    return value && *value;
}

#ifdef __linux__
/// Exits with 1 itself where a toolkit does not reach its display.
int open_a_window() {
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    const int null = ::open("/dev/null", O_RDWR);
    ::dup2(null, STDOUT_FILENO);
    ::dup2(null, STDERR_FILENO);
    window_toolkit().open("probe", cv::WINDOW_NORMAL);
    return 0;
}
#endif

}  // namespace

DisplayProbe::DisplayProbe() {
#ifdef __linux__
    if (!is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY") && !is_set("QT_QPA_PLATFORM")) return;
    window_toolkit();  // loaded before the child is made, which then need not load it a second time
    child_ = Subprocess::fork(open_a_window);
#endif
}

DisplayProbe::~DisplayProbe() {
    if (child_) child_->kill();
}

std::string DisplayProbe::problem() {
#ifdef __linux__
    if (!child_) return "neither DISPLAY nor WAYLAND_DISPLAY is set";
    const auto limit = std::chrono::steady_clock::now() + kProbeLimit;
    while (!child_->ending() && std::chrono::steady_clock::now() < limit) std::this_thread::sleep_for(1ms);
    if (!child_->ending()) return "the display does not answer";
    if (!child_->ending()->succeeded()) return "the display refused the connection or does not exist";
#endif
    return {};
}

ScreenWindow::ScreenWindow(std::string title) : title_(std::move(title)) {
    window_toolkit().open(title_, cv::WINDOW_NORMAL | cv::WINDOW_KEEPRATIO | cv::WINDOW_GUI_NORMAL);
}

ScreenWindow::~ScreenWindow() {
    close();
}

void ScreenWindow::close() {
    if (std::exchange(closed_, true)) return;
    try {
        window_toolkit().close(title_);
    } catch (const cv::Exception&) {
        // The user closed it.
    }
}

void ScreenWindow::show(const cv::Mat& bgr) {
    if (bgr.size() != fitted_to_) {
        const double scale = std::min({1.0, kWidestAtFirst / bgr.cols, kTallestAtFirst / bgr.rows});
        window_toolkit().resize(title_, std::max(1, static_cast<int>(bgr.cols * scale)),
                                std::max(1, static_cast<int>(bgr.rows * scale)));
        fitted_to_ = bgr.size();
    }
    window_toolkit().show(title_, bgr);
    process_events(0ms);
}

bool ScreenWindow::process_events(std::chrono::milliseconds duration) {
    const int key = duration > 0ms ? window_toolkit().wait_for_key(static_cast<int>(duration.count()))
                                   : window_toolkit().poll_key();
    const bool closed = window_toolkit().property(title_, cv::WND_PROP_VISIBLE) < 1.0;
    const bool quit_key = key >= 0 && ((key & 0xff) == 'q' || (key & 0xff) == kEscape);
    if (key >= 0 && !quit_key) keys_ += static_cast<char>(key & 0xff);
    quit_ = quit_ || closed || quit_key;
    return key >= 0 || quit_;
}

void ScreenWindow::toggle_full_screen() {
    full_screen_ = !full_screen_;
    window_toolkit().set_property(title_, cv::WND_PROP_FULLSCREEN,
                                  full_screen_ ? cv::WINDOW_FULLSCREEN : cv::WINDOW_NORMAL);
}

Display::Display(bool headless, std::unique_ptr<Window> window) : window_(std::move(window)) {
    if (!headless && !window_) probe_.emplace();
}

void Display::close() {
    if (window_) window_->close();
}

bool Display::is_available() {
    if (probe_ && !problem_) problem_ = probe_->problem();
    return window_ || (problem_ && problem_->empty());
}

Window* Display::window(const std::string& advice) {
    if (!probe_) return window_.get();
    if (is_available())
        window_ = std::make_unique<ScreenWindow>("emotion-detector");
    else
        say("no window can be opened (" + *problem_ + "), continuing without" + advice);
    probe_.reset();
    return window_.get();
}

}  // namespace emotion::apps
