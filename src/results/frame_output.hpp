#pragma once

#include "drawing/canvas.hpp"
#include "faces/frame_result.hpp"
#include "media/frame_source.hpp"

namespace emotion::results {

/// How the frames of a source ended.
struct SourceEnd {
    bool continues = false;     ///< the source has more frames after the last one written
    double last_frame_s = 0.0;  ///< the duration of that frame; 0: unknown
};

/// A destination for the results of frames: a video, a table, subtitles, a command. The frames of a source
/// are written between start() and end(); an output shared by the run gets several sources in sequence.
/// Unless finish() is called, an existing file is left as it was. All functions but end() throw Error if they
/// cannot write. Not thread-safe.
class FrameOutput {
  public:
    FrameOutput() = default;
    virtual ~FrameOutput() = default;
    FrameOutput(const FrameOutput&) = delete;
    FrameOutput& operator=(const FrameOutput&) = delete;

    virtual void start(const media::SourceInfo&) {}
    /// Writes the next frame; `canvas` has been started with it.
    virtual void write(const faces::FrameResult& result, drawing::Canvas& canvas) = 0;
    /// The current source has no more frames.
    virtual void end(const SourceEnd&) {}
    /// Completes the output and moves it into place.
    virtual void finish() {}
};

}  // namespace emotion::results
