#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <opencv2/core/mat.hpp>

#include "vision/frame_result.hpp"
#include "vision/frame_source.hpp"

namespace emotion {

/// Where annotated frames go: a video file, a picture, a window, nowhere. Not thread-safe.
class FrameSink {
  public:
    virtual ~FrameSink() = default;
    /// Called once for every frame, in order. `canvas` is CV_8UC3 BGR and only read.
    virtual void write(const FrameResult& result, const cv::Mat& canvas) = 0;
    /// Completes the output and puts it in place; without it what was there before stays. Throws Error.
    virtual void finish() = 0;
};

/// A video file, its container chosen by the ending (.mp4, .mkv, .avi, ...), or a picture, for what `info`
/// says of the source. Throws Error naming the endings known, or the encoders tried.
std::unique_ptr<FrameSink> make_file_sink(const std::filesystem::path& target, const SourceInfo& info);

}  // namespace emotion
