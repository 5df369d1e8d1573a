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

/// A frame as clients get it. Whoever asks first makes the text or the picture, and others take the same.
/// Threads may share it.
class ServedFrame {
  public:
    /// `picture` (CV_8UC3 BGR, empty: none) belongs to the frame from now on; `classes` outlives it.
    ServedFrame(std::int64_t number, faces::FrameResult result, const std::vector<std::string>& classes,
                cv::Mat picture);

    std::int64_t number() const { return number_; }
    const faces::FrameResult& result() const { return result_; }
    bool has_picture() const { return has_picture_; }
    /// json_line() without its end.
    const std::string& json() const;
    /// Throws Error if it cannot be encoded; empty without a picture.
    const std::string& jpeg() const;
    /// What labels the faces show, by track: equal as long as no label changes, comes or goes.
    const std::string& labels() const { return labels_; }

  private:
    const std::int64_t number_;
    const faces::FrameResult result_;
    const std::vector<std::string>& classes_;
    const std::string labels_;
    const bool has_picture_;
    mutable cv::Mat picture_;  ///< until it is encoded
    mutable std::once_flag json_made_, jpeg_made_;
    mutable std::string json_, jpeg_;
};

/// Shows the newest frame to any number of clients, each in a thread of its own. A client that is slow misses
/// frames: none is kept for it, and who publishes waits for nobody. Threads may share it.
class FrameBoard {
  public:
    using FramePtr = std::shared_ptr<const ServedFrame>;

    /// `classes` are the model card's.
    explicit FrameBoard(std::vector<std::string> classes) : classes_(std::move(classes)) {}

    /// The next frame, with a picture if somebody wants them. To be called by one thread.
    void publish(const faces::FrameResult& result, cv::Mat picture = {});
    /// Whether pictures are watched, or were within the last two seconds: who fetches single ones comes
    /// again.
    bool wants_pictures() const;
    /// Nothing more comes; who waits is let go.
    void close();
    bool is_closed() const;

    /// Null: there is none yet.
    FramePtr newest() const;
    /// The newest frame if its number is above `number`, at once or as soon as there is one; null if there is
    /// none within `timeout`, or the board is closed.
    FramePtr wait_beyond(std::int64_t number, std::chrono::milliseconds timeout) const;

    /// Somebody who watches pictures, for as long as this lives.
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
