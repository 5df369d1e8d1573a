#include "apps/detector/live.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "apps/detector/live_view.hpp"
#include "apps/detector/recordings.hpp"
#include "apps/detector/sources.hpp"
#include "base/error.hpp"
#include "base/formatted.hpp"
#include "media/sources.hpp"
#include "model/explain.hpp"
#include "pipeline/live_feed.hpp"
#include "results/attempts.hpp"
#include "results/result_tables.hpp"

namespace emotion::apps {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Phase = pipeline::FeedState::Phase;

constexpr auto kPatience = 10ms;         ///< between two looks at the keyboard
constexpr auto kRedrawInterval = 100ms;  ///< while no frames come
constexpr auto kStalledAfter = 1s;
constexpr auto kMessageDuration = 3s;
constexpr auto kExplainBudget = 8ms;
constexpr double kConfidenceStep = 0.05, kLeastConfidence = 0.05, kMostConfidence = 0.95;

double seconds_since(Clock::time_point time) {
    return std::chrono::duration<double>(Clock::now() - time).count();
}

/// Averages over the last dozen or so values.
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

/// The largest face; but `track` as long as no other is much larger, so that two of a size do not take turns.
const faces::FaceResult* face_to_explain(const faces::FrameResult& result, int track) {
    constexpr float kMuchLarger = 1.5f;
    const auto weight = [&](const faces::FaceResult& face) {
        return face.box_in_frame.area() * (face.track == track ? kMuchLarger : 1.0f);
    };
    const auto face = std::max_element(result.faces.begin(), result.faces.end(),
                                       [&](const auto& a, const auto& b) { return weight(a) < weight(b); });
    return face == result.faces.end() ? nullptr : &*face;
}

class LiveRun {
  public:
    LiveRun(pipeline::LiveFeed& feed, const std::string& name, const SourceFiles& files,
            const LiveParts& parts)
        : feed_(feed),
          files_(files),
          parts_(parts),
          name_(name.empty() ? "camera" : name),
          shown_(card().shown) {
        view_.mirror = parts.options.live.mirror.value_or(is_camera(name));
    }
    void run();

  private:
    const model::ModelCard& card() const { return parts_.pipeline.card(); }
    void watch();
    void follow_feed();
    void work_on(const pipeline::ArrivedFrame& arrived);
    void explain();
    void answer_keys();
    void shift_confidence(double by);
    void tell(const std::string& message);
    void draw_window();
    std::string problem() const;
    std::string recording() const;
    std::vector<std::string> details() const;
    KeptStyle kept_style() const { return {parts_.style, view_.mirror, parts_.options.live.blur}; }

    pipeline::LiveFeed& feed_;
    const SourceFiles& files_;
    const LiveParts& parts_;
    const std::string name_;
    std::vector<model::ShownClass> shown_;
    pipeline::FeedState state_;
    std::optional<Recordings> recordings_;         ///< from the first frame on
    std::optional<results::ResultTables> tables_;  ///< of this source alone
    media::Frame frame_;                           ///< the newest, with its result
    faces::FrameResult result_;
    Clock::time_point arrived_;
    Clock::time_point worked_on_;  ///< on a slow machine long after it arrived
    Clock::time_point drawn_, told_;
    LiveView view_;
    bool show_details_ = false, show_explanation_ = false;
    std::unique_ptr<model::Explainer> explainer_;
    int explained_track_ = 0;
    RunningMean interval_s_, latency_s_;
    std::optional<std::int64_t> next_index_;  ///< unset where it does not matter what was missed
    cv::Mat canvas_;
};

void LiveRun::run() {
    results::Attempts attempts;
    attempts.make([&] { watch(); });
    if (recordings_) attempts.make([&] { recordings_->finish(); });
    if (tables_) attempts.make([&] { tables_->finish(); });
    attempts.rethrow();
}

void LiveRun::watch() {
    for (bool ended = false; !parts_.stopped() && !ended;) {
        const bool no_more_come = state_.phase == Phase::kEnded;
        const auto arrived = feed_.take(kPatience);
        follow_feed();
        if (arrived && !view_.paused)
            work_on(*arrived);
        else if (parts_.window && Clock::now() - drawn_ > kRedrawInterval)
            draw_window();
        if (parts_.window) answer_keys();
        ended = no_more_come && !arrived;
    }
    if (parts_.window && parts_.stopped()) parts_.window->close();
}

/// Tells what became of the source.
void LiveRun::follow_feed() {
    const auto before = std::exchange(state_, feed_.state());
    if (state_.phase == Phase::kFailed) throw Error(state_.problem);
    if (state_.phase == Phase::kAway && state_.problem != before.problem)
        say(state_.problem + "; waiting for it");
    if (state_.openings == before.openings) return;
    if (recordings_) {
        say(name_ + ": is back");
        return;
    }
    parts_.pipeline.start(*state_.info);
    const auto& info = *state_.info;
    recordings_.emplace(
        info, files_.annotated ? media::make_file_sink(*files_.annotated, info, say) : nullptr, say);
    if (files_.jsonl || files_.csv)
        tables_.emplace(files_.jsonl, files_.csv, card().classes, results::TextOutput::Growth::kInPlace);
}

void LiveRun::work_on(const pipeline::ArrivedFrame& arrived) {
    if (!frame_.bgr.empty())
        interval_s_.add(std::chrono::duration<double>(arrived.arrived - arrived_).count());
    arrived_ = arrived.arrived;
    frame_ = arrived.frame;
    pipeline::FrameTimes times;
    result_ = parts_.pipeline.process(frame_, times);
    worked_on_ = Clock::now();

    pipeline::Stopwatch stopwatch;
    if (parts_.window) {
        explain();
        draw_window();
    }
    times[pipeline::Stage::kShow] = stopwatch.lap_ms();
    const double latency_s = seconds_since(arrived_);
    latency_s_.add(latency_s);
    parts_.stats.latency.add(1e3 * latency_s);

    recordings_->write(frame_, result_, kept_style());
    parts_.write_shared_tables(result_, *state_.info);
    if (tables_) tables_->write(result_);
    times[pipeline::Stage::kEncode] = stopwatch.lap_ms();
    parts_.commands.update(result_);

    parts_.stats.times.add(times);
    parts_.stats.dropped += frame_.index - next_index_.value_or(frame_.index);
    next_index_ = frame_.index + 1;
}

/// Of one face alone, and a part at a time, as it may take longer than a frame.
void LiveRun::explain() {
    const auto* face = show_explanation_ ? face_to_explain(result_, explained_track_) : nullptr;
    view_.heat.release();
    if (!face) return;
    if (!explainer_ || face->track != explained_track_)
        explainer_ = model::make_explainer(parts_.pipeline.scorer());
    explained_track_ = face->track;
    const auto likeliest = std::max_element(shown_.begin(), shown_.end(), [&](const auto& a, const auto& b) {
        return face->probabilities[a.class_index] < face->probabilities[b.class_index];
    });
    view_.heat_region = faces::crop_region(face->box_in_frame, card().crop);
    view_.heat = explainer_->explain(faces::preprocess(frame_.bgr, view_.heat_region, card().crop),
                                     face->label.value_or(likeliest->class_index), kExplainBudget);
}

void LiveRun::answer_keys() {
    parts_.window->answer(0ms);
    for (const char key : parts_.window->take_keys()) {
        switch (key) {
            case ' ':
                view_.paused = !view_.paused;
                next_index_.reset();
                break;
            case 's':
                if (!frame_.bgr.empty()) tell(recordings_->save_picture(frame_, result_, kept_style()));
                break;
            case 'r':
                if (recordings_) tell(recordings_->toggle_video());
                break;
            case 'm':
                view_.mirror = !view_.mirror;
                break;
            case 'f':
                parts_.window->toggle_full_screen();
                break;
            case 'd':
                show_details_ = !show_details_;
                break;
            case 'e':
                show_explanation_ = !show_explanation_;
                view_.heat.release();
                break;
            case '+':
            case '=':
                shift_confidence(kConfidenceStep);
                break;
            case '-':
                shift_confidence(-kConfidenceStep);
                break;
            case 'h':
                view_.help = !view_.help;
                break;
            default:
                continue;
        }
        draw_window();
    }
}

void LiveRun::shift_confidence(double by) {
    std::string text;
    for (auto& shown : shown_) {
        shown.min_probability = std::clamp(shown.min_probability + by, kLeastConfidence, kMostConfidence);
        text += (text.empty() ? "" : ", ") + card().classes[static_cast<std::size_t>(shown.class_index)] +
                formatted(" from %.0f%%", 100.0 * shown.min_probability);
    }
    parts_.pipeline.set_shown(shown_);
    tell(text);
}

void LiveRun::tell(const std::string& message) {
    view_.message = message;
    told_ = Clock::now();
}

void LiveRun::draw_window() {
    if (Clock::now() - told_ > kMessageDuration) view_.message.clear();
    view_.problem = problem();
    view_.details = show_details_ ? details() : std::vector<std::string>();
    view_.recording = recording();
    draw_live(frame_, result_, parts_.style, view_, canvas_);
    parts_.window->show(canvas_);
    drawn_ = Clock::now();
}

std::string LiveRun::problem() const {
    if (state_.phase == Phase::kAway) return state_.problem + "; waiting for it";
    if (state_.phase == Phase::kOpening && frame_.bgr.empty()) return "opening " + name_;
    if (state_.phase == Phase::kWatching && !view_.paused && !frame_.bgr.empty() &&
        Clock::now() - worked_on_ > kStalledAfter)
        return name_ + formatted(": no picture for %.0f s", seconds_since(worked_on_));
    return {};
}

std::string LiveRun::recording() const {
    const auto seconds = recordings_ ? recordings_->video_seconds() : std::nullopt;
    if (!seconds) return {};
    const auto whole = static_cast<int>(*seconds);
    return formatted("recording %d:%02d", whole / 60, whole % 60);
}

std::vector<std::string> LiveRun::details() const {
    std::vector<std::string> lines;
    if (state_.info)
        lines.push_back(name_ + ", " + std::to_string(state_.info->width) + "x" +
                        std::to_string(state_.info->height) + formatted(" at %g a second", state_.info->fps));
    if (interval_s_.mean() > 0.0)
        lines.push_back(formatted("%.1f frames a second", 1.0 / interval_s_.mean()));
    lines.push_back(formatted("%.0f ms from frame to window", 1e3 * latency_s_.mean()));
    lines.push_back(std::to_string(parts_.stats.dropped) + " frames dropped");
    return lines;
}

/// Asks for a stop at its end, however that comes about: a feed that waits for its source ends only then.
class Leaving {
  public:
    explicit Leaving(std::stop_source& stop) : stop_(stop) {}
    ~Leaving() { stop_.request_stop(); }
    Leaving(const Leaving&) = delete;
    Leaving& operator=(const Leaving&) = delete;

  private:
    std::stop_source& stop_;
};

}  // namespace

bool is_camera(const std::string& name) {
    return name.empty() || media::camera_number(name);
}

void watch_live(const std::string& name, std::unique_ptr<media::FrameSource> opened, const SourceFiles& files,
                const LiveParts& parts) {
    const auto& request = parts.options.live.camera;
    const auto open = [&, stop = parts.leave.get_token()]() -> std::unique_ptr<media::FrameSource> {
        if (opened) return std::move(opened);
        return media::open_source(name, {.notes = say, .camera = request, .stop = stop});
    };
    pipeline::FeedOptions feed_options;
    feed_options.wait_for_first = parts.options.live.wait;
    pipeline::LiveFeed feed(open, feed_options);
    const Leaving leaving(parts.leave);
    LiveRun(feed, name, files, parts).run();
}

}  // namespace emotion::apps
