#pragma once

#include "drawing/canvas.hpp"
#include "faces/frame_result.hpp"
#include "media/frame_source.hpp"

namespace emotion::results {

/// How the frames of a source came to their end.
struct SourceEnd {
    bool goes_on = false;       ///< the source has more frames behind the last one written
    double last_frame_s = 0.0;  ///< how long that one is in sight; 0: nobody knows
};

/// Where the results of frames go: a video, a table, subtitles, a command. The frames of a source come
/// between start() and end(); an output of a whole run gets several sources, one after the other. Without a
/// call of finish() what was there before stays. All but end() throw Error if they cannot write. Not
/// thread-safe.
class FrameOutput {
  public:
    FrameOutput() = default;
    virtual ~FrameOutput() = default;
    FrameOutput(const FrameOutput&) = delete;
    FrameOutput& operator=(const FrameOutput&) = delete;

    virtual void start(const media::SourceInfo&) {}
    /// A frame, in order; `canvas` has been started with it.
    virtual void write(const faces::FrameResult& result, drawing::Canvas& canvas) = 0;
    /// The source at work gives no more frames.
    virtual void end(const SourceEnd&) {}
    /// Completes the output and puts it in place.
    virtual void finish() {}
};

}  // namespace emotion::results
