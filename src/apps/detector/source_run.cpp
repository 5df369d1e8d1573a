#include "apps/detector/source_run.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/seconds.hpp"
#include "pipeline/stage_times.hpp"

namespace emotion::apps {
namespace {

using namespace std::chrono_literals;
using pipeline::Stage;

constexpr auto kTimeout = 10ms;  ///< interval for checking the keyboard

}  // namespace

void SourceRun::start(const media::SourceInfo& source) {
    started_ = true;
    seconds_per_frame_ = source.fps > 0.0                          ? 1.0 / source.fps
                         : source.kind == media::SourceKind::kLive ? 0.0
                                                                   : 1.0;
    own_.start(source);
    session_.start_shared(source);
}

void SourceRun::run(pipeline::Analysis& analysis, const results::OutputTargets& marked) {
    results::ErrorCollector errors;
    errors.attempt([&] { watch(analysis); });
    const bool whole = !errors.failed() && (analysis.ended() || session_.has_all_frames());
    if (started_ && (whole || frames_ > 0)) {  // otherwise an existing file is worth more
        if (!whole) mark_cut_short(marked);
        const bool has_end = std::isfinite(session_.options().recorded.end_s);
        finish({has_end || errors.failed() || !analysis.ended(), last_frame_s_}, errors);
        settle_marks(marked, whole && !errors.failed());
    }
    errors.rethrow();
}

void SourceRun::watch(pipeline::Analysis& analysis) {
    while (!session_.stopped() && !analysis.ended()) {
        auto frame = analysis.next(kTimeout);
        if (frame && !started_) start(*analysis.info());
        if (frame) take(*frame);
        viewer_.process_events();
    }
    if (session_.stopped()) session_.display().close();  // finishing the outputs may take a while
}

void SourceRun::take(pipeline::AnalyzedFrame& frame) {
    viewer_.wait_until_due(frame.result.time_s);
    canvas_.start(frame.frame, frame.result);
    pipeline::Stopwatch stopwatch;
    const auto timed = [&](Stage stage, const auto& work) {
        const double drawn_before_ms = canvas_.draw_ms();
        work();
        frame.times[stage] = std::max(0.0, stopwatch.lap_ms() - (canvas_.draw_ms() - drawn_before_ms));
    };
    auto& stats = session_.stats();
    timed(Stage::kShow, [&] { viewer_.show(frame, canvas_); });
    if (frame.arrived) {
        stats.newest_latency_ms = 1e3 * seconds_since(*frame.arrived);
        stats.latency.add(stats.newest_latency_ms);
    }
    timed(Stage::kEncode, [&] {
        own_.write(frame.result, canvas_);
        session_.write_shared(frame.result, canvas_);
    });
    frame.times[Stage::kDraw] = canvas_.draw_ms();
    stats.times.add(frame.times);
    stats.dropped += frame.dropped;
    last_frame_s_ = frame.frame.duration_s > 0.0 ? frame.frame.duration_s : seconds_per_frame_;
    ++frames_;
}

void SourceRun::finish(const results::SourceEnd& how, results::ErrorCollector& errors) {
    session_.end_shared(how, errors);
    own_.end(how, errors);
    own_.finish(errors);
}

}  // namespace emotion::apps
