#pragma once

#include <memory>
#include <optional>
#include <string>

#include "media/frame_sink.hpp"
#include "media/notes.hpp"
#include "results/frame_output.hpp"

namespace emotion::results {

/// The pictures and videos of a live source that the user asks for by keys. They are named after the time
/// and lie in the folder the program was started in; what goes wrong with them is told and ends nothing else.
class LiveRecorder : public FrameOutput {
  public:
    explicit LiveRecorder(media::Notes tell) : tell_(std::move(tell)) {}

    void start(const media::SourceInfo& source) override { source_ = source; }
    void write(const faces::FrameResult& result, drawing::Canvas& canvas) override;
    /// Completes the video at work.
    void finish() override;

    /// Begins a video with the next frame, or completes the one at work. Returns what was done.
    std::string toggle_video();
    /// How long the video at work is; nullopt: none is.
    std::optional<double> video_seconds() const { return video_ ? std::optional(video_s_) : std::nullopt; }
    /// Of the frame on the canvas. Returns what was done.
    std::string save_picture(drawing::Canvas& canvas);

  private:
    std::string told(const std::string& line) const;

    const media::Notes tell_;
    media::SourceInfo source_;
    std::unique_ptr<media::FrameSink> video_;
    std::string video_name_;
    double video_begun_s_ = -1.0;  ///< negative: no frame is in it yet
    double video_s_ = 0.0;         ///< how long it is
};

}  // namespace emotion::results
