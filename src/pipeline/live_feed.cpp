#include "pipeline/live_feed.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include <opencv2/imgproc.hpp>

#include "base/seconds.hpp"

namespace emotion::pipeline {

using Phase = FeedState::Phase;

FeedClock::Time FeedClock::now() const {
    return std::chrono::steady_clock::now();
}

void FeedClock::pause(std::chrono::milliseconds duration, std::stop_token stop) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any().wait_for(lock, stop, duration, [] { return false; });
}

LiveFeed::LiveFeed(Open open, const FeedOptions& options, std::unique_ptr<FeedClock> clock)
    : open_(std::move(open)),
      options_(options),
      clock_(std::move(clock)),
      pause_(options.first_pause),
      thread_([this](std::stop_token stop) { run(std::move(stop)); }) {}

FeedState LiveFeed::state() const {
    const std::lock_guard lock(state_mutex_);
    return state_;
}

void LiveFeed::set_phase(Phase phase, const std::string& problem) {
    const std::lock_guard lock(state_mutex_);
    state_.phase = phase;
    state_.problem = problem;
}

void LiveFeed::run(std::stop_token stop) {
    while (!stop.stop_requested()) {
        std::string problem;
        try {
            const auto source = open_();
            {
                const std::lock_guard lock(state_mutex_);
                state_.phase = Phase::kWatching;
                state_.problem.clear();
                state_.info = source->info();
                ++state_.openings;
            }
            watch(*source, stop);
            if (!stop.stop_requested()) set_phase(Phase::kEnded);
            break;
        } catch (const std::exception& error) {
            problem = error.what();
        }
        if (state().openings == 0 && !options_.wait_for_first) {
            set_phase(Phase::kFailed, problem);
            break;
        }
        set_phase(Phase::kLost, problem);
        clock_->pause(pause_, stop);
        pause_ = std::min(2 * pause_, options_.longest_pause);
    }
    newest_.close();
}

/// Returns at the source's end or when a stop is requested.
void LiveFeed::watch(media::FrameSource& source, const std::stop_token& stop) {
    for (bool first = true; !stop.stop_requested(); first = false) {
        auto frame = source.next();
        if (!frame) return;
        const auto now = clock_->now();
        frames_.append(*frame, now, first);
        if (options_.keeps_all)
            newest_.push({std::move(*frame), now}, stop);
        else
            newest_.replace({std::move(*frame), now});
        pause_ = options_.first_pause;
    }
}

void FrameSequence::append(media::Frame& frame, FeedClock::Time now, bool first_of_source) {
    if (!started_) {
        started_ = now;
        size_ = frame.bgr.size();
        stored_ = frame.stored;
    }
    if (first_of_source) {
        const double elapsed_s = seconds_between(*started_, now);
        index_shift_ = next_index_ - frame.index;
        time_shift_s_ = std::max(elapsed_s, last_time_s_) - frame.time_s;
    }
    frame.index += index_shift_;
    frame.time_s += time_shift_s_;
    next_index_ = frame.index + 1;
    last_time_s_ = frame.time_s;
    if (frame.bgr.size() != size_) {
        cv::Mat resized;
        cv::resize(frame.bgr, resized, size_, 0, 0, cv::INTER_AREA);
        frame.bgr = resized;
        frame.gray.release();
        frame.stored = stored_;
    }
}

}  // namespace emotion::pipeline
