#include "apps/detector/run.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <future>
#include <iostream>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include <opencv2/core/utility.hpp>

#include "apps/common/source_list.hpp"
#include "apps/common/source_problem.hpp"
#include "apps/detector/jobs.hpp"
#include "apps/detector/label_commands.hpp"
#include "apps/detector/live.hpp"
#include "apps/detector/live_view.hpp"
#include "apps/detector/outputs.hpp"
#include "apps/detector/progress.hpp"
#include "apps/detector/recorded.hpp"
#include "apps/detector/sources.hpp"
#include "apps/detector/stop_signal.hpp"
#include "apps/detector/window.hpp"
#include "base/error.hpp"
#include "drawing/overlay.hpp"
#include "media/sources.hpp"
#include "pipeline/frame_pipeline.hpp"
#include "pipeline/live_feed.hpp"
#include "pipeline/run_stats.hpp"
#include "results/attempts.hpp"
#include "results/result_tables.hpp"
#include "results/text_output.hpp"

namespace emotion::apps {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

pipeline::FramePipeline make_pipeline(const pipeline::DetectorConfig& config,
                                      const std::filesystem::path& model) {
    return pipeline::FramePipeline(config, faces::make_face_search(config.haar, config.search),
                                   model::load_scorer(model));
}

drawing::OverlayStyle make_style(const model::ModelCard& card) {
    drawing::OverlayStyle style;
    style.classes = card.classes;
    for (const auto& shown : card.shown) style.shown.push_back(shown.class_index);
    return style;
}

/// Of as much of a recording as is asked for.
std::int64_t frames_of(const media::SourceInfo& info, const RecordedOptions& asked) {
    if (info.fps <= 0.0) return info.frames;
    const double end_s = std::min(asked.end_s, static_cast<double>(info.frames) / info.fps);
    return std::llround(std::max(0.0, end_s - asked.start_s) * info.fps);
}

class DetectorRun {
  public:
    DetectorRun(const DetectorOptions& options, Progress::Style progress);
    int run();

  private:
    void open_window();
    void run_sources();
    void run_source(const Source& named);
    media::OpenOptions open_options(const std::stop_token& stop = {});
    std::unique_ptr<media::FrameSource> open_when_there(const std::string& name,
                                                        const media::OpenOptions& open) const;
    std::unique_ptr<media::FrameSource> open_stream(const Source& named, std::stop_source& leave);
    void run_recording(media::FrameSource& source, const SourceFiles& files, std::stop_source& leave);
    void run_live(const Source& named, std::unique_ptr<media::FrameSource> opened, std::stop_source& leave);
    void fail(const std::string& problem);
    void write_tables(const faces::FrameResult& result, const media::SourceInfo& source);
    void finish_shared_outputs(results::Attempts& attempts);
    bool stopped() const;

    const DetectorOptions options_;
    std::optional<WindowTrial> trial_;  // before anything that may start a thread; until the window is opened
    OutputPlan plan_;
    const pipeline::DetectorConfig config_;
    std::vector<Source> sources_;
    pipeline::FramePipeline pipeline_;
    std::optional<results::ResultTables> tables_;
    std::optional<results::TextOutput> summary_file_, stats_file_;  ///< of all sources
    std::optional<Window> window_;
    RecordingProgress progress_;
    drawing::OverlayStyle style_;
    pipeline::RunStats stats_;
    LabelCommands commands_;
    std::vector<results::RecordingSummary> summaries_;
    std::vector<std::string> failed_;  ///< the sources' names
    bool recording_cut_short_ = false;
    bool tables_failed_ = false;     ///< those that all sources share: there is no use in going on
    std::size_t source_number_ = 0;  ///< of the one at work
};

DetectorRun::DetectorRun(const DetectorOptions& options, Progress::Style progress)
    : options_(options),
      trial_(options.headless ? std::nullopt : std::optional<WindowTrial>(std::in_place)),
      plan_(options, several(options.sources)),
      config_(effective_config(options)),
      sources_(sources_to_do(options, config_, plan_)),
      pipeline_(make_pipeline(config_, options.model)),
      progress_(sources_.size(), options.max_frames, progress),
      style_(make_style(pipeline_.card())),
      commands_(options.live.on_label, pipeline_.card(), say) {
    using Growth = results::TextOutput::Growth;
    if (plan_.shared_summary()) summary_file_.emplace(*plan_.shared_summary(), Growth::kBeside);
    if (options.stats) stats_file_.emplace(*options.stats, Growth::kBeside);
}

int DetectorRun::run() {
    const auto begun = Clock::now();
    results::Attempts attempts;
    attempts.make([&] { run_sources(); });
    stats_.seconds = std::chrono::duration<double>(Clock::now() - begun).count();

    finish_shared_outputs(attempts);
    if (failed_.size() > 1) say(list_of_failed(failed_, sources_.size()));
    attempts.rethrow();
    if (!failed_.empty()) return 1;
    return recording_cut_short_ ? 128 + stop_signal() : 0;
}

void DetectorRun::run_sources() {
    for (const auto& source : sources_) {
        if (stop_signal()) recording_cut_short_ = true;
        if (stopped() || tables_failed_) break;
        run_source(source);
    }
}

/// No earlier summary is replaced by one of nothing.
void DetectorRun::finish_shared_outputs(results::Attempts& attempts) {
    if (tables_) attempts.make([&] { tables_->finish(); });
    if (summary_file_ && (failed_.empty() || !summaries_.empty()))
        attempts.make([&] {
            summary_file_->write(summary_for(*plan_.shared_summary(), summaries_, pipeline_.card().classes));
            summary_file_->finish();
        });
    if (stats_file_)
        attempts.make([&] {
            stats_file_->write(pipeline::stats_json(stats_));
            stats_file_->finish();
        });
}

void DetectorRun::open_window() {
    if (!trial_) return;
    if (const auto problem = trial_->problem(); !problem.empty())
        say("no window can be opened (" + problem + "), going on without" +
            (options_.writes() ? "" : "; --output, --jsonl or --csv write what is seen"));
    else
        window_.emplace("emotion-detector");
    trial_.reset();
}

void DetectorRun::run_source(const Source& named) try {
    ++source_number_;
    // More than there are cores are of no use, and TBB complains of them; -1: as many.
    cv::setNumThreads(options_.threads > 0 ? std::min(options_.threads, cv::getNumberOfCPUs()) : -1);
    std::stop_source leave;  // nobody waits for this source any longer
    const bool stream = media::is_url(named.name);
    if (is_camera(named.name)) return run_live(named, nullptr, leave);
    auto source = stream ? open_stream(named, leave) : media::open_source(named.name, open_options());
    if (!source) return;
    if (source->info().kind == media::SourceKind::kLive) return run_live(named, std::move(source), leave);
    const auto& info = source->info();
    const auto files = plan_.claim(named, is_picture(info));
    open_window();
    run_recording(*source, files, leave);
    if (window_ && is_picture(info) && !options_.writes())
        while (!stopped() && !window_->answer(50ms)) continue;
} catch (...) {
    fail(source_problem(named.name));
}

/// No more pixels than the outputs need: only a video without anything but boxes and labels on it can do
/// without all colors, and without pictures gray suffices for a model that sees no color.
media::OpenOptions DetectorRun::open_options(const std::stop_token& stop) {
    media::OpenOptions open{.notes = say, .start_s = options_.recorded.start_s, .stop = stop};
    const bool watched = window_ || (trial_ && trial_->problem().empty());
    if (watched || options_.recorded.timeline || pipeline_.card().crop.color != faces::CropColor::kGray)
        return open;
    if (!options_.output)
        open.pixels = media::Pixels::kGray;
    else if (!options_.live.blur && !options_.live.mirror.value_or(false))
        open.pixels = media::Pixels::kDecoded;
    return open;
}

/// Opens a stream, with --wait as soon as it is there; only then it tells whether it is a recording.
std::unique_ptr<media::FrameSource> DetectorRun::open_when_there(const std::string& name,
                                                                 const media::OpenOptions& open) const {
    for (std::string told;; pipeline::FeedClock().pause(1s, open.stop)) try {
            return media::open_source(name, open);
        } catch (const Error& error) {
            if (!options_.live.wait || open.stop.stop_requested()) throw;
            if (told != error.what()) say(std::string(error.what()) + "; waiting for it");
            told = error.what();
        }
}

/// A stream may take long to answer, and the user must not: null if they did not wait for it.
std::unique_ptr<media::FrameSource> DetectorRun::open_stream(const Source& named, std::stop_source& leave) {
    open_window();
    if (window_) {
        LiveView view;
        view.problem = (options_.live.wait ? "waiting for " : "opening ") + named.name;
        cv::Mat canvas;
        draw_live({}, {}, style_, view, canvas);
        window_->show(canvas);
    }
    auto opening = std::async(std::launch::async, [&, open = open_options(leave.get_token())] {
        return open_when_there(named.name, open);
    });
    while (opening.wait_for(20ms) != std::future_status::ready) {
        if (window_) window_->answer(0ms);
        if (stopped()) leave.request_stop();
    }
    try {
        return opening.get();
    } catch (const Error&) {
        if (!leave.stop_requested()) throw;
    }
    if (stop_signal()) recording_cut_short_ = true;
    return nullptr;
}

void DetectorRun::run_recording(media::FrameSource& source, const SourceFiles& files,
                                std::stop_source& leave) {
    const auto& info = source.info();
    progress_.start(info.name, frames_of(info, options_.recorded), source_number_);
    const bool cut_short = watch_recording(
        source, files, say,
        {options_, config_.smoothing, pipeline_, window_ ? &*window_ : nullptr, style_, stats_, commands_,
         progress_,
         [&] {
             if (!stopped()) return false;
             leave.request_stop();
             return true;
         },
         [&](const faces::FrameResult& result) { write_tables(result, source.info()); }, summaries_});
    if (cut_short && stop_signal()) recording_cut_short_ = true;
}

void DetectorRun::run_live(const Source& named, std::unique_ptr<media::FrameSource> opened,
                           std::stop_source& leave) {
    const auto files = plan_.claim(named, false);
    open_window();
    watch_live(named.name, std::move(opened), files,
               {options_, pipeline_, window_ ? &*window_ : nullptr, style_, stats_, commands_,
                [this] { return stopped(); }, leave,
                [&](const faces::FrameResult& result, const media::SourceInfo& info) {
                    write_tables(result, info);
                }});
}

void DetectorRun::fail(const std::string& problem) {
    say(problem);
    failed_.push_back(sources_[source_number_ - 1].name);
}

/// The tables are opened with the first frame, so that a source that cannot be read replaces no earlier
/// table.
void DetectorRun::write_tables(const faces::FrameResult& result, const media::SourceInfo& source) try {
    using Growth = results::TextOutput::Growth;
    if (!tables_)
        tables_.emplace(plan_.shared_jsonl(), plan_.shared_csv(), pipeline_.card().classes,
                        source.kind == media::SourceKind::kLive ? Growth::kInPlace : Growth::kBeside);
    tables_->write(result);
} catch (...) {
    tables_failed_ = true;
    throw;
}

bool DetectorRun::stopped() const {
    return stop_signal() || (window_ && window_->quit()) ||
           (options_.max_frames && stats_.times.frames() >= *options_.max_frames);
}

}  // namespace

pipeline::DetectorConfig effective_config(const DetectorOptions& options) {
    auto config = pipeline::read_detector_config(options.config);
    if (options.min_face_px) config.haar.min_face_px = *options.min_face_px;
    config.validate();
    return config;
}

int run_detector(const DetectorOptions& options) {
    if (options.recorded.jobs != 1) {
        // Told once and not by every job; neither starts a thread, which no fork would take along.
        effective_config(options);
        const LabelCommands checked(options.live.on_label, model::read_card(options.model), say);
        return run_jobs(options,
                        [](const auto& one) { return DetectorRun(one, Progress::Style::kQuiet).run(); });
    }
    return DetectorRun(options, Progress::style_of_stderr(false)).run();
}

}  // namespace emotion::apps
