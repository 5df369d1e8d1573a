#include "apps/emotion_detector_run.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <opencv2/core/utility.hpp>

#include "apps/emotion_detector_annotated.hpp"
#include "apps/emotion_detector_progress.hpp"
#include "apps/emotion_detector_sources.hpp"
#include "apps/emotion_detector_window.hpp"
#include "apps/stop_signal.hpp"
#include "base/error.hpp"
#include "pipeline/frame_pipeline.hpp"
#include "pipeline/result_tables.hpp"
#include "pipeline/run_stats.hpp"
#include "pipeline/text_output.hpp"
#include "vision/overlay.hpp"

namespace emotion::apps {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// Ends the whole run: what is written from all sources together cannot be written any more.
struct TablesFailed : Error {
    using Error::Error;
};

void say(const std::string& message) {
    std::cerr << "emotion-detector: " << message << '\n';
}

/// Frames a second, averaged over the last dozen or so.
class RateMeter {
  public:
    void count_frame() {
        const auto now = Clock::now();
        const double interval_s = std::chrono::duration<double>(now - last_).count();
        if (frames_ > 0)
            mean_interval_s_ += (interval_s - mean_interval_s_) / std::min<double>(frames_, 12.0);
        last_ = now;
        ++frames_;
    }
    double fps() const { return mean_interval_s_ > 0.0 ? 1.0 / mean_interval_s_ : 0.0; }

  private:
    Clock::time_point last_;
    double mean_interval_s_ = 0.0;
    int frames_ = 0;
};

FramePipeline make_pipeline(const DetectorOptions& options) {
    cv::setNumThreads(options.threads > 0 ? options.threads : -1);  // -1: as many as there are cores
    const auto config = effective_config(options);
    return FramePipeline(config, make_haar_detector(config.haar), load_scorer(options.model));
}

OverlayStyle make_style(const ModelCard& card) {
    OverlayStyle style;
    style.classes = card.classes;
    for (const auto& shown : card.shown) style.shown.push_back(shown.class_index);
    return style;
}

class DetectorRun {
  public:
    explicit DetectorRun(const DetectorOptions& options);
    int run();

  private:
    void open_window();
    void run_source(const std::string& name);
    bool run_frame(FrameSource& source, FrameSink* sink);
    void fail(const Error& error);
    void draw(const Frame& frame, const FrameResult& result, const SourceInfo& source);
    void write_tables(const FrameResult& result, const SourceInfo& source);
    void wait_until_due(const Frame& frame, const SourceInfo& source);
    bool stopped() const;

    const DetectorOptions options_;
    std::optional<WindowTrial> trial_;  // before anything that may start a thread; until the window is opened
    const std::vector<std::string> sources_;
    FramePipeline pipeline_;
    AnnotatedFiles annotated_;
    std::optional<ResultTables> tables_;
    std::optional<TextOutput> stats_file_;
    std::optional<Window> window_;
    Progress progress_;
    OverlayStyle style_;
    cv::Mat canvas_;
    RunStats stats_;
    bool failed_ = false, recording_cut_short_ = false;
    // Of the source at work:
    std::size_t source_number_ = 0;
    RateMeter rate_;
    Clock::time_point started_;
    std::int64_t next_index_ = 0;
};

DetectorRun::DetectorRun(const DetectorOptions& options)
    : options_(options),
      trial_(options.headless ? std::nullopt : std::optional<WindowTrial>(std::in_place)),
      sources_(expand_sources(options.sources, say)),
      pipeline_(make_pipeline(options)),
      annotated_(options.output, several(options.sources)),
      progress_(sources_.size()),
      style_(make_style(pipeline_.card())) {
    if (options.stats) stats_file_.emplace(*options.stats, TextOutput::Growth::kBeside);
}

int DetectorRun::run() {
    const auto begun = Clock::now();
    for (const auto& name : sources_) {
        if (stop_signal()) recording_cut_short_ = true;
        if (stopped()) break;
        run_source(name);
    }
    stats_.seconds = std::chrono::duration<double>(Clock::now() - begun).count();

    if (tables_) tables_->finish();
    if (stats_file_) {
        stats_file_->write(stats_json(stats_));
        stats_file_->finish();
    }
    if (failed_) return 1;
    return recording_cut_short_ ? 128 + stop_signal() : 0;
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

void DetectorRun::run_source(const std::string& name) try {
    ++source_number_;
    const auto source = open_source(name, say);
    const auto& info = source->info();
    const auto sink = annotated_.open(info, say);
    open_window();
    pipeline_.start(info);
    progress_.start(info, source_number_);
    rate_ = {};
    started_ = Clock::now();
    next_index_ = 0;

    bool more = true;
    try {
        while (more && !stopped()) more = run_frame(*source, sink.get());
    } catch (const TablesFailed&) {
        throw;
    } catch (const Error& error) {  // what was done before is kept
        fail(error);
    }
    if (sink) sink->finish();
    if (more && stop_signal() && !info.live) recording_cut_short_ = true;
    if (window_ && is_picture(info) && !options_.writes())
        while (!stopped() && !window_->answer(50ms)) continue;
} catch (const TablesFailed&) {
    throw;
} catch (const Error& error) {
    fail(error);
}

void DetectorRun::fail(const Error& error) {
    say(error.what());
    failed_ = true;
}

bool DetectorRun::run_frame(FrameSource& source, FrameSink* sink) {
    FrameTimes times;
    Stopwatch stopwatch;
    const auto frame = source.next();
    if (!frame) return false;
    times[Stage::kDecode] = stopwatch.lap_ms();

    const auto result = pipeline_.process(*frame, times);
    stopwatch.lap_ms();

    if (sink || window_) draw(*frame, result, source.info());
    times[Stage::kDraw] = stopwatch.lap_ms();

    if (sink) sink->write(result, canvas_);
    write_tables(result, source.info());
    times[Stage::kEncode] = stopwatch.lap_ms();

    if (window_) {
        wait_until_due(*frame, source.info());
        stopwatch.lap_ms();
        window_->show(canvas_);
        times[Stage::kShow] = stopwatch.lap_ms();
    }
    stats_.times.add(times);
    stats_.dropped += frame->index - next_index_;
    next_index_ = frame->index + 1;
    if (!window_) progress_.frame_done();
    return true;
}

void DetectorRun::draw(const Frame& frame, const FrameResult& result, const SourceInfo& source) {
    rate_.count_frame();
    style_.fps = source.live ? rate_.fps() : source.fps;
    frame.bgr.copyTo(canvas_);
    draw_overlay(result, style_, canvas_);
}

/// The tables are opened with the first frame, so that a source that cannot be read replaces no earlier
/// table.
void DetectorRun::write_tables(const FrameResult& result, const SourceInfo& source) try {
    using Growth = TextOutput::Growth;
    if (!tables_)
        tables_.emplace(options_.jsonl, options_.csv, pipeline_.card().classes,
                        source.live ? Growth::kInPlace : Growth::kBeside);
    tables_->write(result);
} catch (const Error& error) {
    throw TablesFailed(error.what());
}

/// A recording that is only watched runs at its own pace.
void DetectorRun::wait_until_due(const Frame& frame, const SourceInfo& source) {
    if (source.live || options_.writes()) return;
    const auto due =
        started_ + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(frame.time_s));
    for (auto now = Clock::now(); now < due && !stopped(); now = Clock::now())
        window_->answer(std::min(20ms, std::chrono::ceil<std::chrono::milliseconds>(due - now)));
}

bool DetectorRun::stopped() const {
    return stop_signal() || (window_ && window_->quit()) ||
           (options_.max_frames && stats_.times.frames() >= *options_.max_frames);
}

}  // namespace

DetectorConfig effective_config(const DetectorOptions& options) {
    auto config = read_detector_config(options.config);
    if (options.min_face_px) config.haar.min_face_px = *options.min_face_px;
    config.validate();
    return config;
}

int run_detector(const DetectorOptions& options) {
    return DetectorRun(options).run();
}

}  // namespace emotion::apps
