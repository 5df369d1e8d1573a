#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "media/notes.hpp"
#include "pipeline/analysis.hpp"
#include "pipeline/frame_pipeline.hpp"
#include "pipeline/live_feed.hpp"

namespace emotion::pipeline {

/// The newest frames of a live source: whoever asks late misses some. A source that goes away is waited for.
class LiveAnalysis : public Analysis {
  public:
    /// Starts to open the source. `warn` is told when it goes away and when it is back.
    LiveAnalysis(LiveFeed::Open open, const FeedOptions& options, FramePipeline& pipeline, media::Notes warn,
                 std::unique_ptr<FeedClock> clock = std::make_unique<FeedClock>());

    const media::SourceInfo* info() const override { return state_.info ? &*state_.info : nullptr; }
    /// Throws Error if the source cannot be opened at the start.
    std::optional<AnalyzedFrame> next(std::chrono::milliseconds timeout) override;
    bool ended() const override { return ended_; }

    /// As next() found it last.
    const FeedState& state() const { return state_; }

    /// While paused next() gives no frames; those that are missed so are not counted as dropped.
    bool is_paused() const { return paused_; }
    void set_paused(bool paused);

  private:
    void follow_feed();

    FramePipeline& pipeline_;
    const media::Notes warn_;
    FeedState state_;
    std::optional<std::int64_t> next_index_;  ///< unset where it does not matter what was missed
    bool paused_ = false, ended_ = false;
    LiveFeed feed_;  // last, as its thread must end first
};

}  // namespace emotion::pipeline
