#include "apps/detector/recorded.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include <opencv2/core.hpp>
#include <opencv2/core/utility.hpp>

#include "apps/common/source_list.hpp"
#include "drawing/face_blur.hpp"
#include "drawing/mirror.hpp"
#include "media/decoded_canvas.hpp"
#include "media/frame_sink.hpp"
#include "pipeline/recording_analysis.hpp"
#include "results/attempts.hpp"
#include "results/result_tables.hpp"
#include "results/subtitles.hpp"
#include "results/timeline.hpp"

namespace emotion::apps {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kPatience = 20ms;  ///< between two looks at the keyboard

/// While a video is decoded, searched and labelled at the same time, more threads for one step of OpenCV's
/// would only wait for one another; a picture is searched by all. Decoder and encoder have theirs by then.
void share_cores() {
    constexpr int kSideBySide = 3;
    cv::setNumThreads(std::max(1, cv::getNumberOfCPUs() - kSideBySide));
}

class RecordedRun {
  public:
    RecordedRun(media::FrameSource& source, const SourceFiles& files, const media::Notes& notes,
                const RecordedParts& parts);
    bool run();

  private:
    pipeline::AnalysisOptions analysis_options() const;
    bool draws() const { return sink_ || parts_.window; }
    bool watch();
    void take(pipeline::AnalysedFrame& frame);
    void draw(const faces::FrameResult& result, cv::Mat& canvas);
    media::DecodedPicture drawn(const faces::FrameResult& result, const media::DecodedPicture& picture);
    bool asked_for_no_more() const;
    void finish(bool source_goes_on, results::Attempts& attempts);
    void wait_until_due(double time_s);

    media::FrameSource& source_;
    const media::SourceInfo& info_;
    const SourceFiles& files_;
    const RecordedParts& parts_;
    const std::vector<std::string>& classes_;
    std::unique_ptr<media::FrameSink> sink_;
    std::optional<media::DecodedCanvas> decoded_canvas_;
    std::optional<results::ResultTables> tables_;
    std::optional<results::Subtitles> subtitles_;
    std::optional<results::Timeline> timeline_;
    std::optional<results::TextOutput> summary_file_;
    results::SummaryBuilder summary_;
    std::int64_t frames_ = 0;
    double last_frame_s_ = 0.0;  ///< how long the newest frame lasts as its file says; 0: not said
    drawing::FaceBlur face_blur_;
    std::optional<double> first_s_;
    Clock::time_point begun_;
};

RecordedRun::RecordedRun(media::FrameSource& source, const SourceFiles& files, const media::Notes& notes,
                         const RecordedParts& parts)
    : source_(source),
      info_(source.info()),
      files_(files),
      parts_(parts),
      classes_(parts.pipeline.card().classes),
      summary_(info_.name, classes_.size()) {
    parts_.style.fps = info_.fps;
    if (info_.decoded_colors) decoded_canvas_.emplace(*info_.decoded_colors);
    if (files.annotated) sink_ = media::make_file_sink(*files.annotated, info_, notes);
    if (files.jsonl || files.csv)
        tables_.emplace(files.jsonl, files.csv, classes_, results::TextOutput::Growth::kBeside);
    if (files.subtitles) subtitles_.emplace(*files.subtitles, classes_);
    if (files.timeline) timeline_.emplace(*files.timeline, info_.name, parts.pipeline.card());
    if (files.summary) summary_file_.emplace(*files.summary, results::TextOutput::Growth::kBeside);
}

pipeline::AnalysisOptions RecordedRun::analysis_options() const {
    const auto& asked = parts_.options.recorded;
    pipeline::AnalysisOptions options;
    options.keep_pixels = draws() || timeline_;
    if (is_picture(info_)) return options;
    options.every = asked.every;
    options.end_s = asked.end_s;
    if (!asked.causal) options.look_ahead = parts_.smoothing;
    return options;
}

bool RecordedRun::run() {
    results::Attempts attempts;
    bool stopped = false;
    attempts.make([&] { stopped = watch(); });
    const bool whole = !attempts.failed() && (!stopped || asked_for_no_more());
    if (whole || frames_ > 0) {  // otherwise nothing is worth more than what was there before
        if (!whole) mark_cut_short(files_);
        finish(stopped || !whole, attempts);
        settle_marks(files_, whole && !attempts.failed());
    }
    attempts.rethrow();
    return stopped;
}

/// Returns whether it was stopped before the recording's end.
bool RecordedRun::watch() {
    begun_ = Clock::now();
    if (parts_.options.threads == 0 && !is_picture(info_)) share_cores();
    pipeline::RecordingAnalysis analysis(source_, parts_.pipeline, analysis_options());
    while (!parts_.stopped()) {
        if (!analysis.ready(kPatience)) {  // a stream may be slow
            if (parts_.window) parts_.window->answer(0ms);
            continue;
        }
        auto frame = analysis.next();
        if (!frame) return false;
        take(*frame);
    }
    return true;
}

void RecordedRun::take(pipeline::AnalysedFrame& frame) {
    pipeline::Stopwatch stopwatch;
    last_frame_s_ = frame.frame.duration_s;
    cv::Mat canvas = frame.frame.bgr;  // nobody else has these pixels
    if (parts_.options.live.blur && !canvas.empty()) face_blur_.hide(frame.result, canvas);
    if (timeline_) timeline_->write(frame);
    media::DecodedPicture drawn_on;
    if (frame.frame.decoded)
        drawn_on = drawn(frame.result, std::exchange(frame.frame.decoded, {}));
    else if (draws())
        draw(frame.result, canvas);
    frame.times[pipeline::Stage::kDraw] = stopwatch.lap_ms();

    if (drawn_on)
        sink_->write(frame.result.time_s, drawn_on);
    else if (sink_)
        sink_->write(frame.result.time_s, canvas);
    parts_.write_shared_tables(frame.result);
    if (tables_) tables_->write(frame.result);
    if (subtitles_) subtitles_->write(frame.result);
    summary_.add(frame.result);
    ++frames_;
    parts_.commands.update(frame.result);
    frame.times[pipeline::Stage::kEncode] = stopwatch.lap_ms();

    if (parts_.window) {
        wait_until_due(frame.result.time_s);
        stopwatch.lap_ms();
        parts_.window->show(canvas);
        frame.times[pipeline::Stage::kShow] = stopwatch.lap_ms();
    } else {
        parts_.progress.frame_done();
    }
    parts_.stats.times.add(frame.times);
}

void RecordedRun::draw(const faces::FrameResult& result, cv::Mat& canvas) {
    const bool mirror = parts_.options.live.mirror.value_or(false);
    if (mirror) cv::flip(canvas, canvas, 1);
    drawing::draw_overlay(mirror ? drawing::mirrored(result) : result, parts_.style, canvas);
}

media::DecodedPicture RecordedRun::drawn(const faces::FrameResult& result,
                                         const media::DecodedPicture& picture) {
    auto& canvas = *decoded_canvas_;
    canvas.start(picture);
    drawing::draw_overlay(result, parts_.style, canvas.bgr(),
                          [&](const cv::Rect& part) { canvas.uncover(part); });
    return canvas.finish();
}

bool RecordedRun::asked_for_no_more() const {
    const auto most = parts_.options.max_frames;
    return most && parts_.stats.times.frames() >= *most;
}

/// The video last: it takes longest, and may fail for want of room.
void RecordedRun::finish(bool source_goes_on, results::Attempts& attempts) {
    const double frame_s = last_frame_s_ > 0.0 ? last_frame_s_ : info_.fps > 0.0 ? 1.0 / info_.fps : 1.0;
    const auto& summary = parts_.summaries.emplace_back(summary_.finish(frame_s));
    if (summary_file_)
        attempts.make([&] {
            summary_file_->write(summary_for(*files_.summary, {summary}, classes_));
            summary_file_->finish();
        });
    if (tables_) attempts.make([&] { tables_->finish(); });
    if (subtitles_) attempts.make([&] { subtitles_->finish(frame_s); });
    if (timeline_) attempts.make([&] { timeline_->finish(frame_s); });
    if (!sink_) return;
    sink_->last_frame_lasts(frame_s);
    if (source_goes_on || std::isfinite(parts_.options.recorded.end_s)) sink_->cut_short();
    attempts.make([&] { sink_->finish(); });
}

/// A recording that is only watched runs at its own pace.
void RecordedRun::wait_until_due(double time_s) {
    if (parts_.options.writes()) return;
    if (!first_s_) first_s_ = time_s;
    const auto due = begun_ + std::chrono::duration_cast<Clock::duration>(
                                  std::chrono::duration<double>(time_s - *first_s_));
    for (auto now = Clock::now(); now < due && !parts_.stopped(); now = Clock::now())
        parts_.window->answer(std::min(20ms, std::chrono::ceil<std::chrono::milliseconds>(due - now)));
}

}  // namespace

std::string summary_for(const std::string& target, const std::vector<results::RecordingSummary>& summaries,
                        const std::vector<std::string>& classes) {
    return target.ends_with(".json") ? results::summary_json(summaries, classes)
                                     : results::summary_text(summaries, classes);
}

bool watch_recording(media::FrameSource& source, const SourceFiles& files, const media::Notes& notes,
                     const RecordedParts& parts) {
    return RecordedRun(source, files, notes, parts).run();
}

}  // namespace emotion::apps
