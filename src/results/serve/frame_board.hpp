#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "faces/frame_result.hpp"

namespace emotion::results {

/// A frame for clients. Text and picture are encoded on first request and shared. Thread-safe.
class ServedFrame {
  public:
    /// Takes ownership of `picture` (CV_8UC3 BGR, empty: none); `classes` must outlive it.
    ServedFrame(std::int64_t number, faces::FrameResult result, const std::vector<std::string>& classes,
                cv::Mat picture);

    std::int64_t number() const { return number_; }
    const faces::FrameResult& result() const { return result_; }
    bool has_picture() const { return has_picture_; }
    /// json_line() without the newline.
    const std::string& json() const;
    /// Throws Error if it cannot be encoded; empty without a picture.
    const std::string& jpeg() const;
    /// The labels of faces by track: equal as long as no label changes, appears or disappears.
    const std::string& labels() const { return labels_; }

  private:
    const std::int64_t number_;
    const faces::FrameResult result_;
    const std::vector<std::string>& classes_;
    const std::string labels_;
    const bool has_picture_;
    mutable cv::Mat picture_;  ///< until encoded
    mutable std::once_flag json_made_, jpeg_made_;
    mutable std::string json_, jpeg_;
};

/// Publishes the newest frame to any number of clients, each in its own thread. Slow clients miss frames:
/// nothing is queued for them, and the publisher never waits. Thread-safe.
class FrameBoard {
  public:
    using FramePtr = std::shared_ptr<const ServedFrame>;

    /// `classes` are those of the model card.
    explicit FrameBoard(std::vector<std::string> classes) : classes_(std::move(classes)) {}

    /// Publishes the next frame, with a picture if wants_pictures(). Called by one thread.
    void publish(const faces::FrameResult& result, cv::Mat picture = {});
    /// Whether any client is watching pictures or did within the last two seconds, because clients that poll
    /// single pictures will return.
    bool wants_pictures() const;
    /// Wakes all waiting clients; no more frames follow.
    void close();
    bool is_closed() const;

    /// Null: no frame yet.
    FramePtr newest() const;
    /// Waits up to `timeout` for a frame numbered above `number` and returns the newest; null after the
    /// timeout or once the board is closed.
    FramePtr wait_beyond(std::int64_t number, std::chrono::milliseconds timeout) const;

    /// Registers a client that watches pictures, for the lifetime of this object.
    class PictureWatcher {
      public:
        explicit PictureWatcher(FrameBoard& board) : board_(board) { ++board_.watchers_; }
        ~PictureWatcher() {
            board_.last_watched_ = std::chrono::steady_clock::now();
            --board_.watchers_;
        }
        PictureWatcher(const PictureWatcher&) = delete;
        PictureWatcher& operator=(const PictureWatcher&) = delete;

      private:
        FrameBoard& board_;
    };

  private:
    const std::vector<std::string> classes_;
    std::atomic<int> watchers_ = 0;
    std::atomic<std::chrono::steady_clock::time_point> last_watched_{};
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    FramePtr newest_;
    bool closed_ = false;
};

}  // namespace emotion::results
