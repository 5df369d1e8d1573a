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

#include "base/bounded_queue.hpp"
#include "media/frame_source.hpp"

namespace emotion::pipeline {

/// The clock of a feed, replaceable in tests.
class FeedClock {
  public:
    using Time = std::chrono::steady_clock::time_point;
    virtual ~FeedClock() = default;
    virtual Time now() const;
    /// Returns early when a stop is requested.
    virtual void pause(std::chrono::milliseconds duration, std::stop_token stop);
};

/// A frame and its time of arrival.
struct ArrivedFrame {
    media::Frame frame;
    FeedClock::Time arrived;
};

struct FeedOptions {
    /// Whether to wait for a source that cannot be opened initially; later it is always waited for.
    bool wait_for_first = false;
    /// Pause before trying to open the source again, doubling each time until frames arrive.
    std::chrono::milliseconds first_pause{250}, longest_pause{4000};
    /// Whether the source waits until each frame is taken, rather than frames being left out.
    bool keeps_all = false;
};

/// The current state of a live source.
struct FeedState {
    enum class Phase {
        kOpening,
        kWatching,
        kLost,   ///< retried after a pause
        kEnded,  ///< the source has ended
        kFailed  ///< could not be opened initially
    };
    Phase phase = Phase::kOpening;
    std::string problem;                    ///< of kLost and kFailed: one line
    std::optional<media::SourceInfo> info;  ///< as of the last opening
    int openings = 0;                       ///< number of openings so far
};

/// Joins the frames of several openings of a source into one sequence with continuous numbers and times,
/// scaled to the size of the first. Not thread-safe.
class FrameSequence {
  public:
    /// `frame` arrived at `now`; `first_of_source`: it is the first of an opening.
    void append(media::Frame& frame, FeedClock::Time now, bool first_of_source);

  private:
    std::optional<FeedClock::Time> started_;
    std::int64_t next_index_ = 0, index_shift_ = 0;
    double last_time_s_ = 0.0, time_shift_s_ = 0.0;
    cv::Size size_, stored_;
};

/// Reads frames from a live source as fast as they arrive, in a separate thread because reading a camera may
/// block for long, and keeps the newest, or all. A source that fails is closed and reopened after growing
/// pauses. Frames have continuous numbers and times, and the size of the first.
class LiveFeed {
  public:
    using Open = std::function<std::unique_ptr<media::FrameSource>()>;

    /// `open` is called in the feed's thread and throws Error like the sources.
    LiveFeed(Open open, const FeedOptions& options,
             std::unique_ptr<FeedClock> clock = std::make_unique<FeedClock>());

    /// The newest, or next, frame not yet taken, waiting for at most `timeout`.
    std::optional<ArrivedFrame> take(std::chrono::milliseconds timeout) {
        return newest_.ready(timeout) ? newest_.pop() : std::nullopt;
    }
    FeedState state() const;

  private:
    void run(std::stop_token stop);
    void watch(media::FrameSource& source, const std::stop_token& stop);
    void set_phase(FeedState::Phase phase, const std::string& problem = {});

    const Open open_;
    const FeedOptions options_;
    const std::unique_ptr<FeedClock> clock_;
    BoundedQueue<ArrivedFrame> newest_{1};
    mutable std::mutex state_mutex_;
    FeedState state_;
    // Used by the thread:
    std::chrono::milliseconds pause_;
    FrameSequence frames_;
    std::jthread thread_;  // last, because it uses the other members
};

}  // namespace emotion::pipeline
