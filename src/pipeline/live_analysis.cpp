#include "pipeline/live_analysis.hpp"

#include <thread>
#include <utility>

#include "base/error.hpp"

namespace emotion::pipeline {

using Phase = FeedState::Phase;

LiveAnalysis::LiveAnalysis(LiveFeed::Open open, const FeedOptions& options, FramePipeline& pipeline,
                           media::WarningHandler warn, std::unique_ptr<FeedClock> clock)
    : pipeline_(pipeline),
      warn_(std::move(warn)),
      keeps_all_(options.keeps_all),
      feed_(std::move(open), options, std::move(clock)) {}

std::optional<AnalyzedFrame> LiveAnalysis::next(std::chrono::milliseconds timeout) {
    if (paused_ && keeps_all_) {
        std::this_thread::sleep_for(timeout);
        return std::nullopt;
    }
    const bool no_more_come = state_.phase == Phase::kEnded;  // a frame may still be queued
    auto arrived = feed_.take(timeout);
    follow_feed();
    ended_ = no_more_come && !arrived;
    if (!arrived || paused_) return std::nullopt;
    AnalyzedFrame frame;
    frame.frame = std::move(arrived->frame);
    frame.arrived = arrived->arrived;
    frame.result = pipeline_.process(frame.frame, frame.times);
    frame.dropped = frame.frame.index - next_index_.value_or(frame.frame.index);
    next_index_ = frame.frame.index + 1;
    return frame;
}

void LiveAnalysis::follow_feed() {
    const auto before = std::exchange(state_, feed_.state());
    if (state_.phase == Phase::kFailed) throw Error(state_.problem);
    if (state_.phase == Phase::kLost && state_.problem != before.problem)
        warn_(state_.problem + "; waiting for it");
    if (state_.openings == before.openings) return;
    if (before.openings > 0)
        warn_(state_.info->name + ": is back");
    else
        pipeline_.start(*state_.info);
}

void LiveAnalysis::set_paused(bool paused) {
    paused_ = paused;
    next_index_.reset();
}

}  // namespace emotion::pipeline
