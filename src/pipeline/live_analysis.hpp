#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "media/warning_handler.hpp"
#include "pipeline/analysis.hpp"
#include "pipeline/frame_pipeline.hpp"
#include "pipeline/live_feed.hpp"

namespace emotion::pipeline {

/// Provides the newest frames of a live source; frames are skipped if next() is called late. Waits for a
/// source that is lost.
class LiveAnalysis : public Analysis {
  public:
    /// Starts to open the source. Calls `warn` when it is lost and when it is back.
    LiveAnalysis(LiveFeed::Open open, const FeedOptions& options, FramePipeline& pipeline,
                 media::WarningHandler warn,
                 std::unique_ptr<FeedClock> clock = std::make_unique<FeedClock>());

    const media::SourceInfo* info() const override { return state_.info ? &*state_.info : nullptr; }
    /// Throws Error if the source cannot be opened initially.
    std::optional<AnalyzedFrame> next(std::chrono::milliseconds timeout) override;
    bool ended() const override { return ended_; }

    /// As of the last call of next().
    const FeedState& state() const { return state_; }

    /// While paused, next() returns no frames. A source whose frames are all kept waits; of others, frames
    /// missed are not counted as dropped.
    void set_paused(bool paused);

  private:
    void follow_feed();

    FramePipeline& pipeline_;
    const media::WarningHandler warn_;
    FeedState state_;
    std::optional<std::int64_t> next_index_;  ///< unset where missed frames do not count
    const bool keeps_all_;
    bool paused_ = false, ended_ = false;
    LiveFeed feed_;  // last, because its thread must end first
};

}  // namespace emotion::pipeline
