#pragma once

#include <memory>
#include <optional>
#include <string>

#include <opencv2/core/mat.hpp>

#include "drawing/face_blur.hpp"
#include "drawing/overlay.hpp"
#include "faces/frame_result.hpp"
#include "media/frame.hpp"
#include "media/frame_sink.hpp"
#include "media/notes.hpp"

namespace emotion::apps {

/// How pictures are drawn that are kept.
struct KeptStyle {
    const drawing::OverlayStyle& overlay;
    bool mirror = false;
    bool blur = false;  ///< the faces
};

/// The files that a live source's annotated pictures go to: that of --output, and those that keys ask for.
/// The latter are named after the time and lie in the folder the program was started in; what goes wrong with
/// them is told and ends nothing else.
class Recordings {
  public:
    /// `info` is of the source; `output` may be null.
    Recordings(const media::SourceInfo& info, std::unique_ptr<media::FrameSink> output, media::Notes notes);

    /// Draws and writes a frame, if any video is at work. Throws Error if --output cannot be written on.
    void write(const media::Frame& frame, const faces::FrameResult& result, const KeptStyle& style);
    /// Completes all files. Throws Error.
    void finish();

    /// Begins a video with the next frame, or completes the one at work. Returns what was done.
    std::string toggle_video();
    /// How long the video at work is that a key began; nullopt: none is.
    std::optional<double> video_seconds() const { return video_ ? std::optional(video_s_) : std::nullopt; }
    /// Returns what was done.
    std::string save_picture(const media::Frame& frame, const faces::FrameResult& result,
                             const KeptStyle& style);

  private:
    void draw(const media::Frame& frame, const faces::FrameResult& result, const KeptStyle& style);
    std::string told(const std::string& line) const;

    const media::SourceInfo info_;
    const media::Notes notes_;
    drawing::FaceBlur face_blur_;
    cv::Mat canvas_;
    std::unique_ptr<media::FrameSink> output_, video_;
    std::string video_name_;
    double video_begun_s_ = -1.0;  ///< negative: no frame is in it yet
    double video_s_ = 0.0;         ///< how long it is
};

}  // namespace emotion::apps
