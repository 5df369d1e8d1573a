#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>

#include "media/frame.hpp"

namespace emotion::pipeline {

/// A frame, and when it was had from its source.
struct ArrivedFrame {
    media::Frame frame;
    std::chrono::steady_clock::time_point arrived;
};

/// Where the thread that takes frames from a camera leaves them for the one that works on them. Only the
/// newest is kept: whoever is slow misses frames, and never works on an old one. Threads may share it.
class NewestFrame {
  public:
    /// Takes the place of a frame that nobody has taken.
    void put(ArrivedFrame frame);
    /// The frame put last, once; waits for one for at most `patience`, or until close().
    std::optional<ArrivedFrame> take(std::chrono::milliseconds patience);
    /// No more frames will come: nobody waits for one any longer.
    void close();

  private:
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<ArrivedFrame> frame_;
    bool closed_ = false;
};

}  // namespace emotion::pipeline
