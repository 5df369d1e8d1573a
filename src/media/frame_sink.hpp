#pragma once

#include <filesystem>
#include <memory>

#include <opencv2/core/mat.hpp>

#include "media/frame.hpp"
#include "media/frame_source.hpp"
#include "media/warning_handler.hpp"

namespace emotion::media {

/// A destination for annotated frames: a video file, a picture, nothing. Not thread-safe.
class FrameSink {
  public:
    virtual ~FrameSink() = default;
    /// Called for every frame, in order; `time_s` is its presentation time in seconds. `canvas` is CV_8UC3
    /// BGR and not modified. Throws Error naming the output (on a full disk, for example); finish() may still
    /// save earlier frames.
    virtual void write(double time_s, const cv::Mat& canvas) = 0;
    /// The same for a picture in the video's pixel format, with the size and colors of the SourceInfo of this
    /// sink. Only video files support it.
    virtual void write(double time_s, const DecodedPicture& picture);
    /// Sets the duration of the last frame before finish(); default: that of a nominal frame.
    virtual void last_frame_lasts(double) {}
    /// Call before finish() if the source continues after the last frame written, so that its sound is cut
    /// there.
    virtual void cut_short() {}
    /// Completes the output and moves it into place; without it, or without any frame, an existing file is
    /// left as it was. Throws Error.
    virtual void finish() = 0;
};

/// Throws ConfigError, listing known extensions, for a name of no kind of output that make_file_sink()
/// supports.
void check_output_name(const std::filesystem::path& target);

/// Whether make_file_sink() can write a picture of this name.
bool is_picture_name(const std::filesystem::path& target);

/// A video file, with the container chosen by extension (.mp4, .m4v, .mov, .mkv, .avi), or a picture, for the
/// source described by `info`. The video has the stored size of the first frame (rounded up to even), its
/// pixel aspect and the source's presentation times (a constant rate in .avi). It starts with the first frame
/// or earlier sound, unless the source was opened at a later start. The source's sound is copied; `warn`
/// reports sound that the container does not support. Until finish() the part file is playable as far as
/// written, even after a kill; finish() produces a file with an index in front, or reports to `warn` if
/// there is no space for that. Uses H.264 if an encoder is available; otherwise `warn` reports the
/// alternative. All problems are detected on creation: throws as check_output_name() does, and Error naming
/// the encoders tried, or why the file cannot be written.
std::unique_ptr<FrameSink> make_file_sink(const std::filesystem::path& target, const SourceInfo& info,
                                          WarningHandler warn = {});

}  // namespace emotion::media
