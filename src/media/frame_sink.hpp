#pragma once

#include <filesystem>
#include <memory>

#include <opencv2/core/mat.hpp>

#include "media/frame.hpp"
#include "media/frame_source.hpp"
#include "media/notes.hpp"

namespace emotion::media {

/// Where annotated frames go: a video file, a picture, nowhere. Not thread-safe.
class FrameSink {
  public:
    virtual ~FrameSink() = default;
    /// Called once for every frame, in order; `time_s` is its presentation time in seconds. `canvas` is
    /// CV_8UC3 BGR and only read. Throws Error naming the output (a full disk, say); finish() may still save
    /// what was written before.
    virtual void write(double time_s, const cv::Mat& canvas) = 0;
    /// The same of a picture in the video's own numbers, of the size and colours of the SourceInfo that the
    /// sink was made for. Only video files take them.
    virtual void write(double time_s, const DecodedPicture& picture);
    /// Says before finish() how long the last frame is shown; without it, for a nominal frame's time.
    virtual void last_frame_lasts(double) {}
    /// Says before finish() that the source goes on behind the last frame written: its sound must not.
    virtual void cut_short() {}
    /// Completes the output and puts it in place; without it, or without any frame, what was there before
    /// stays. Throws Error.
    virtual void finish() = 0;
};

/// Throws ConfigError, which names the endings known, for a name that make_file_sink takes for no kind of
/// output.
void check_output_name(const std::filesystem::path& target);

/// A video file, its container chosen by the ending (.mp4, .m4v, .mov, .mkv, .avi), or a picture, for what
/// `info` says of the source. The video has the size of the first frame as it is stored (a pixel more where
/// that is odd), its pixel aspect, and the source's own presentation times, only in .avi a constant rate. It
/// begins with the first frame, or with sound before it, unless the source was begun in the middle. The sound
/// of the source is copied as it is; of sound that the container cannot hold `notes` is told. Until finish()
/// the part file plays as far as it goes, even if the program is killed; finish() makes of it a file with an
/// index in front, or tells `notes` that there was no room for that. H.264 where there is an encoder for
/// it; otherwise `notes` is told of the next best. Everything is tried before it returns: throws as
/// check_output_name does, and Error naming the encoders tried, or why the file cannot be written.
std::unique_ptr<FrameSink> make_file_sink(const std::filesystem::path& target, const SourceInfo& info,
                                          Notes notes = {});

}  // namespace emotion::media
