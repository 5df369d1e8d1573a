#include "apps/detector/watch.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <future>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

#include <opencv2/core/utility.hpp>

#include "apps/detector/live_view.hpp"
#include "apps/detector/live_viewer.hpp"
#include "apps/detector/source_run.hpp"
#include "apps/detector/sources.hpp"
#include "apps/detector/viewer.hpp"
#include "base/error.hpp"
#include "media/sources.hpp"
#include "pipeline/live_analysis.hpp"
#include "pipeline/recording_analysis.hpp"
#include "results/live_recorder.hpp"

namespace emotion::apps {
namespace {

using namespace std::chrono_literals;
using media::FrameSource;
using media::SourceKind;
using results::Needs;

/// Requests a stop on destruction: waiting for a source ends only then.
class StopAtEnd {
  public:
    explicit StopAtEnd(std::stop_source& stop) : stop_(stop) {}
    ~StopAtEnd() { stop_.request_stop(); }
    StopAtEnd(const StopAtEnd&) = delete;
    StopAtEnd& operator=(const StopAtEnd&) = delete;

  private:
    std::stop_source& stop_;
};

/// The maximum over all outputs.
Needs needs_of(const results::OutputTargets& outputs) {
    Needs most = Needs::kResult;
    for (const auto& [option, file] : outputs) most = std::max(most, results::output_kind(option).needs);
    return most;
}

/// Whether recordings are limited to playback speed, because someone watches them.
bool is_played(const DetectorOptions& options, const Window* window) {
    if (options.outputs.empty()) return window != nullptr;
    return std::any_of(options.outputs.begin(), options.outputs.end(),
                       [](const auto& output) { return results::output_kind(output.first).at_own_pace; });
}

/// The least information in a recording's pixels that suffices for the model, the outputs and the window.
media::Pixels pixels_for(Session& session, const drawing::View& written) {
    if (session.pipeline().card().crop.color != faces::CropColor::kGray || session.display().is_available())
        return media::Pixels::kBgr;
    const auto needs = needs_of(session.options().outputs);
    if (needs == Needs::kResult) return media::Pixels::kGray;
    const bool plain = needs == Needs::kDrawing && !written.mirror && !written.blur;
    return plain ? media::Pixels::kDecoded : media::Pixels::kBgr;
}

/// The view for outputs: mirrored for cameras, unless specified otherwise.
drawing::View written_view(const DetectorOptions& options, bool camera) {
    return {options.live.mirror.value_or(camera), options.live.blur};
}

/// Opens a stream, with --wait once it is available, to find out whether it is a recording.
std::unique_ptr<FrameSource> open_when_there(const std::string& name, const media::OpenOptions& how,
                                             bool wait) {
    for (std::string last_problem;; pipeline::FeedClock().pause(1s, how.stop)) try {
            return media::open_source(name, how);
        } catch (const Error& error) {
            if (!wait || how.stop.stop_requested() || name == media::kStandardInput) throw;
            if (last_problem != error.what()) say(std::string(error.what()) + "; waiting for it");
            last_problem = error.what();
        }
}

/// Opens a stream without blocking the user interface; null if the user did not wait for it.
std::unique_ptr<FrameSource> open_stream(const Source& named, const media::OpenOptions& how, Session& session,
                                         std::stop_source& leave) {
    const bool wait = session.options().live.wait;
    auto* window = session.window();
    if (window) {
        LiveView view;
        view.problem = (wait ? "waiting for " : "opening ") + named.shown;
        drawing::Canvas canvas({}, {});
        cv::Mat picture;
        draw_live(canvas, view, picture);
        window->show(picture);
    }
    auto opening = std::async(std::launch::async, [&] { return open_when_there(named.name, how, wait); });
    constexpr int kPatience = 150;  // three seconds
    for (int waits = 1; opening.wait_for(20ms) != std::future_status::ready; ++waits) {
        if (waits == kPatience && !window) say(named.shown + ": has not answered yet");
        if (window) window->process_events(0ms);
        if (session.stopped()) leave.request_stop();
    }
    try {
        return opening.get();
    } catch (const Error&) {
        if (!leave.stop_requested()) throw;
    }
    session.leave_recording();
    return nullptr;
}

/// The number of frames within the requested limits.
std::int64_t frames_of(const media::SourceInfo& info, const RecordedOptions& requested) {
    if (info.fps <= 0.0) return info.frames;
    const double end_s = std::min(requested.end_s, static_cast<double>(info.frames) / info.fps);
    return std::llround(std::max(0.0, end_s - requested.start_s) * info.fps);
}

pipeline::AnalysisOptions analysis_options(const Session& session, SourceKind kind, bool keep_pixels) {
    const auto& requested = session.options().recorded;
    pipeline::AnalysisOptions options;
    options.keep_pixels = keep_pixels;
    if (kind == SourceKind::kPicture) return options;
    options.every = requested.every;
    options.end_s = requested.end_s;
    if (!requested.causal) options.look_ahead = session.config().smoothing;
    return options;
}

/// While a video is decoded, searched and labeled concurrently, OpenCV's own threads would only compete; a
/// single picture uses them all. Decoder and encoder already have theirs.
void share_cores() {
    constexpr int kSideBySide = 3;
    cv::setNumThreads(std::max(1, cv::getNumberOfCPUs() - kSideBySide));
}

void watch_recording(const Source& named, FrameSource& source, Session& session, std::stop_source& leave) {
    const auto& options = session.options();
    const auto& info = source.info();
    const bool is_picture = info.kind == SourceKind::kPicture;
    const auto files = session.claim(named, is_picture);
    auto* window = session.window();
    session.progress().start(info.name, frames_of(info, options.recorded), session.source_number());
    std::optional<Pace> pace;
    if (is_played(options, window)) pace.emplace(session);
    std::unique_ptr<Viewer> viewer;
    if (window)
        viewer = std::make_unique<RecordingViewer>(*window, pace);
    else
        viewer = std::make_unique<ProgressViewer>(session.progress(), pace);
    drawing::Canvas canvas(session.overlay_style(info.fps), written_view(options, false),
                           info.decoded_colors);
    results::OutputSet own(files, session.output_context(results::Scope::kRecording));
    SourceRun run(session, canvas, *viewer, own);
    run.start(info);
    if (options.threads == 0 && !is_picture) share_cores();
    const bool keep_pixels = window || needs_of(options.outputs) > Needs::kResult;
    pipeline::RecordingAnalysis analysis(source, session.pipeline(),
                                         analysis_options(session, info.kind, keep_pixels));
    const StopAtEnd leaving(leave);
    run.run(analysis, files);
    if (!analysis.ended()) session.leave_recording();
    if (window && is_picture && options.outputs.empty())
        while (!session.stopped() && !window->process_events(50ms)) continue;
}

void watch_live(const Source& named, const pipeline::LiveFeed::Open& open, Session& session,
                std::stop_source& leave) {
    const auto& name = named.name;
    session.note_live(named);
    results::OutputSet own(session.claim(named, false), session.output_context(results::Scope::kLiveSource));
    auto& recorder = own.add(std::make_unique<results::LiveRecorder>(say));
    auto* window = session.window();
    drawing::Canvas canvas(session.overlay_style(), written_view(session.options(), is_camera(name)));
    pipeline::FeedOptions feed_options;
    feed_options.wait_for_first = session.options().live.wait;
    feed_options.keeps_all = media::is_pipe(name);
    pipeline::LiveAnalysis analysis(open, feed_options, session.pipeline(), say);
    const StopAtEnd leaving(leave);
    auto viewer = std::make_unique<Viewer>();
    if (window || session.is_served())
        viewer = std::make_unique<LiveViewer>(session, analysis, canvas, recorder,
                                              named.shown.empty() ? "camera" : named.shown);
    SourceRun(session, canvas, *viewer, own).run(analysis);
}

}  // namespace

void watch(const Source& named, Session& session) {
    std::stop_source leave;  // stops waiting for this source
    const auto& options = session.options();
    const auto& name = named.name;
    media::OpenOptions how{say,
                           options.recorded.start_s,
                           media::Pixels::kBgr,
                           options.live.camera,
                           media::quarter_turns(options.live.rotate_deg / 90),
                           leave.get_token()};
    std::unique_ptr<FrameSource> source;
    const auto open = [&]() -> std::unique_ptr<FrameSource> {
        return source ? std::move(source) : media::open_source(name, how);
    };
    if (is_camera(name)) return watch_live(named, open, session, leave);
    how.pixels = pixels_for(session, written_view(options, false));
    how.fps = options.recorded.fps;
    const bool is_stream = media::is_url(name) || media::is_pipe(name);
    source = is_stream ? open_stream(named, how, session, leave) : media::open_source(name, how);
    if (!source) return;
    if (source->info().kind == SourceKind::kLive) return watch_live(named, open, session, leave);
    watch_recording(named, *source, session, leave);
}

}  // namespace emotion::apps
