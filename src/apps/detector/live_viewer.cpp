#include "apps/detector/live_viewer.hpp"

#include <utility>

#include "base/error.hpp"
#include "base/formatted.hpp"
#include "base/seconds.hpp"

namespace emotion::apps {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Phase = pipeline::FeedState::Phase;

constexpr auto kRedrawInterval = 100ms;  ///< while no frames come
constexpr auto kStalledAfter = 1s;
constexpr auto kMessageDuration = 3s;
constexpr double kRestSeconds = 3.0;
constexpr double kConfidenceStep = 0.05, kMinConfidence = 0.05, kMaxConfidence = 0.95;

}  // namespace

void KeyMessage::set(std::string text) {
    text_ = std::move(text);
    time_ = Clock::now();
    ++count_;
}

std::string KeyMessage::text() const {
    return Clock::now() - time_ > kMessageDuration ? std::string() : text_;
}

LiveViewer::LiveViewer(Session& session, pipeline::LiveAnalysis& analysis, drawing::Canvas& canvas,
                       results::LiveRecorder& recorder, std::string name)
    : session_(session),
      analysis_(analysis),
      canvas_(canvas),
      recorder_(recorder),
      name_(std::move(name)),
      shown_(session.pipeline().card().shown),
      explanation_(session.pipeline().scorer()) {
    view_.mirror = canvas.written_view().mirror;
}

LiveViewer::~LiveViewer() {
    session_.pipeline().neutral().forget();
    session_.remote().set_state(std::nullopt);
}

void LiveViewer::show(const pipeline::AnalyzedFrame& frame, drawing::Canvas&) {
    if (timing_.arrived != Clock::time_point())
        timing_.interval_s.add(seconds_between(timing_.arrived, *frame.arrived));
    timing_.arrived = *frame.arrived;
    timing_.worked_on = Clock::now();
    explanation_.update(frame.frame, frame.result, canvas_);
    draw();
    timing_.latency_s.add(seconds_since(timing_.arrived));
}

void LiveViewer::process_events() {
    if (Clock::now() - timing_.drawn > kRedrawInterval) draw();
    auto keys = session_.remote().take_keys();
    if (auto* window = session_.window()) {
        window->process_events(0ms);
        keys += window->take_keys();
    }
    for (const char key : keys)
        if (handle(key)) draw();
}

/// Returns whether the key has a function.
bool LiveViewer::handle(char key) {
    switch (key) {
        case ' ':
            view_.paused = !view_.paused;
            timing_.worked_on = Clock::now();  // no picture is due before
            analysis_.set_paused(view_.paused);
            return true;
        case 's':
            if (!canvas_.empty()) message_.set(recorder_.save_picture(canvas_));
            return true;
        case 'r':
            if (!canvas_.empty()) message_.set(recorder_.toggle_video());
            return true;
        case 'm':
            view_.mirror = !view_.mirror;
            canvas_.set_mirror(view_.mirror);
            return true;
        case 'f':
            if (auto* window = session_.window()) window->toggle_full_screen();
            return true;
        case 'd':
            show_details_ = !show_details_;
            return true;
        case 'e':
            explanation_.toggle();
            canvas_.set_heat({}, {});
            return true;
        case 'n':
            toggle_neutral();
            return true;
        case '+':
        case '=':
            shift_confidence(kConfidenceStep);
            return true;
        case '-':
            shift_confidence(-kConfidenceStep);
            return true;
        case 'h':
            view_.help = !view_.help;
            return true;
        default:
            return false;
    }
}

/// Learns how faces look at rest, or forgets it.
void LiveViewer::toggle_neutral() try {
    auto& neutral = session_.pipeline().neutral();
    if (neutral.is_active()) {
        neutral.forget();
        message_.set("how faces look at rest is forgotten");
        return;
    }
    neutral.gather(kRestSeconds, [this](const std::string& line) { message_.set(line); });
    message_.set(formatted("look at rest for %.0f seconds", kRestSeconds));
} catch (const ConfigError& error) {
    message_.set(error.what());
}

void LiveViewer::shift_confidence(double by) {
    std::string text;
    for (auto& shown : shown_) {
        shown.min_probability = std::clamp(shown.min_probability + by, kMinConfidence, kMaxConfidence);
        text += (text.empty() ? "" : ", ") +
                session_.pipeline().card().classes[static_cast<std::size_t>(shown.class_index)] +
                formatted(" from %.0f%%", 100.0 * shown.min_probability);
    }
    session_.pipeline().set_shown(shown_);
    message_.set(text);
}

void LiveViewer::draw() {
    view_.message = message_.text();
    view_.problem = problem();
    view_.details = show_details_ ? details() : std::vector<std::string>();
    view_.recording = recording();
    if (auto* window = session_.window()) {
        draw_live(canvas_, view_, picture_);
        window->show(picture_);
    }
    session_.remote().set_state(control_state());
    timing_.drawn = Clock::now();
}

results::ControlState LiveViewer::control_state() const {
    results::ControlState state;
    state.paused = view_.paused;
    state.mirror = view_.mirror;
    state.explain = explanation_.is_on();
    state.neutral = session_.pipeline().neutral().is_active();
    state.recording_s = recorder_.video_seconds();
    for (const auto& shown : shown_) state.thresholds.emplace_back(shown.class_index, shown.min_probability);
    state.message = view_.message;
    state.messages = message_.count();
    state.problem = view_.problem;
    return state;
}

std::string LiveViewer::problem() const {
    const auto& state = analysis_.state();
    if (state.phase == Phase::kLost) return state.problem + "; waiting for it";
    if (state.phase == Phase::kOpening && canvas_.empty()) return "opening " + name_;
    if (state.phase == Phase::kWatching && !view_.paused && !canvas_.empty() &&
        Clock::now() - timing_.worked_on > kStalledAfter)
        return name_ + formatted(": no picture for %.0f s", seconds_since(timing_.worked_on));
    return {};
}

std::string LiveViewer::recording() const {
    const auto seconds = recorder_.video_seconds();
    if (!seconds) return {};
    const auto whole = static_cast<int>(*seconds);
    return formatted("recording %d:%02d", whole / 60, whole % 60);
}

std::vector<std::string> LiveViewer::details() const {
    std::vector<std::string> lines;
    if (const auto* info = analysis_.info())
        lines.push_back(name_ + ", " + std::to_string(info->width) + "x" + std::to_string(info->height) +
                        (info->fps > 0.0 ? formatted(" at %g per second", info->fps) : ""));
    if (timing_.interval_s.mean() > 0.0)
        lines.push_back(formatted("%.1f frames per second", 1.0 / timing_.interval_s.mean()));
    lines.push_back(formatted("%.0f ms from frame to window", 1e3 * timing_.latency_s.mean()));
    lines.push_back(std::to_string(session_.stats().dropped) + " frames dropped");
    return lines;
}

}  // namespace emotion::apps
