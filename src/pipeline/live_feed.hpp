#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include <opencv2/core/types.hpp>

#include "media/frame_source.hpp"
#include "pipeline/newest_frame.hpp"

namespace emotion::pipeline {

/// Time as a feed sees it, so that tests can have their own.
class FeedClock {
  public:
    using Time = std::chrono::steady_clock::time_point;
    virtual ~FeedClock() = default;
    virtual Time now() const;
    /// Returns early when a stop is asked for.
    virtual void pause(std::chrono::milliseconds duration, std::stop_token stop);
};

struct FeedOptions {
    /// Whether to wait for a source that cannot be opened at the start; later one is always waited for.
    bool wait_for_first = false;
    /// Before another try to open the source; twice as long each time, until frames come again.
    std::chrono::milliseconds first_pause{250}, longest_pause{4000};
};

/// What becomes of a live source at the moment.
struct FeedState {
    enum class Phase {
        kOpening,
        kWatching,
        kAway,   ///< tried again after a pause
        kEnded,  ///< the source came to its end
        kFailed  ///< not opened at the start
    };
    Phase phase = Phase::kOpening;
    std::string problem;                    ///< of kAway and kFailed: one line
    std::optional<media::SourceInfo> info;  ///< as of the last time it was opened
    int openings = 0;                       ///< how often it was opened so far
};

/// Takes frames from a live source as fast as they come, in a thread of its own, since asking a camera for
/// one may block for long, and keeps the newest. A source that fails is closed and opened again, with growing
/// pauses. Frames are numbered and timed through all openings, and all have the size of the first.
class LiveFeed {
  public:
    using Open = std::function<std::unique_ptr<media::FrameSource>()>;

    /// `open` is called in the feed's thread; it throws Error, as the sources do.
    LiveFeed(Open open, const FeedOptions& options,
             std::unique_ptr<FeedClock> clock = std::make_unique<FeedClock>());

    /// The newest frame that was not taken yet; waits for one for at most `patience`.
    std::optional<ArrivedFrame> take(std::chrono::milliseconds patience) { return newest_.take(patience); }
    FeedState state() const;

  private:
    void run(std::stop_token stop);
    void watch(media::FrameSource& source, std::stop_token stop);
    void renumber(media::Frame& frame, FeedClock::Time now, bool first_of_source);
    void set_phase(FeedState::Phase phase, const std::string& problem = {});

    const Open open_;
    const FeedOptions options_;
    const std::unique_ptr<FeedClock> clock_;
    NewestFrame newest_;
    mutable std::mutex state_mutex_;
    FeedState state_;
    // Of the thread:
    std::chrono::milliseconds pause_;
    std::optional<FeedClock::Time> begun_;
    std::int64_t next_index_ = 0, index_shift_ = 0;
    double last_time_s_ = 0.0, time_shift_s_ = 0.0;
    cv::Size size_, stored_;
    std::jthread thread_;  // last, as it uses the others
};

}  // namespace emotion::pipeline
