#pragma once

#include <memory>
#include <optional>
#include <string>

#include "media/frame_sink.hpp"
#include "media/warning_handler.hpp"
#include "results/frame_output.hpp"

namespace emotion::results {

/// Saves pictures and videos of a live source on key presses. They are named after the time and written to
/// the working directory; failures are reported but do not end the run.
class LiveRecorder : public FrameOutput {
  public:
    explicit LiveRecorder(media::WarningHandler warn) : warn_(std::move(warn)) {}

    void start(const media::SourceInfo& source) override { source_ = source; }
    void write(const faces::FrameResult& result, drawing::Canvas& canvas) override;
    /// Completes the current video.
    void finish() override;

    /// Starts a video with the next frame, or completes the current one. Returns a message.
    std::string toggle_video();
    /// The length of the current video; nullopt: none is being recorded.
    std::optional<double> video_seconds() const { return video_ ? std::optional(video_s_) : std::nullopt; }
    /// Saves the frame on the canvas. Returns a message.
    std::string save_picture(drawing::Canvas& canvas);

  private:
    std::string reported(const std::string& line) const;

    const media::WarningHandler warn_;
    media::SourceInfo source_;
    std::unique_ptr<media::FrameSink> video_;
    std::string video_name_;
    double video_start_s_ = -1.0;  ///< negative: no frame yet
    double video_s_ = 0.0;         ///< its length
};

}  // namespace emotion::results
