#pragma once

#include <memory>
#include <optional>
#include <string>

#include "vision/frame.hpp"

namespace emotion {

/// What is known of a source before its first frame.
struct SourceInfo {
    std::string name;           ///< as the user wrote it; goes into the results
    int width = 0, height = 0;  ///< 0 where only the first frame tells
    double fps = 0.0;           ///< nominal; 0 where there is none (pictures)
    std::int64_t frames = 0;    ///< as the container says, an estimate; 0 where unknown
    bool live = false;          ///< a camera or stream: time passes by itself
};

/// Where frames come from: a camera, a video file, a picture, a folder of pictures, a stream. Not
/// thread-safe.
class FrameSource {
  public:
    virtual ~FrameSource() = default;
    virtual const SourceInfo& info() const = 0;
    /// The next frame; nullopt at the end. Throws Error when frames can no longer be had (a camera unplugged,
    /// a file damaged beyond reading on).
    virtual std::optional<Frame> next() = 0;
};

/// Opens what the user named: "" (the first camera that opens), a camera number, "/dev/videoN", a URL, a
/// video, a picture or a folder of pictures. Throws Error with one line that names it and what to do.
std::unique_ptr<FrameSource> open_source(const std::string& name);

}  // namespace emotion
