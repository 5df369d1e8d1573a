#pragma once

#include <chrono>
#include <optional>

#include "media/frame_source.hpp"
#include "pipeline/analyzed_frame.hpp"

namespace emotion::pipeline {

/// Provides the frames of a source in order with their results. Not thread-safe.
class Analysis {
  public:
    Analysis() = default;
    virtual ~Analysis() = default;
    Analysis(const Analysis&) = delete;
    Analysis& operator=(const Analysis&) = delete;

    /// Null until the source is open.
    virtual const media::SourceInfo* info() const = 0;
    /// The next frame; nullopt if none arrives within `timeout`, and at the end. Rethrows exceptions of the
    /// source or the analysis after the last frame before them.
    virtual std::optional<AnalyzedFrame> next(std::chrono::milliseconds timeout) = 0;
    /// Whether the source has ended and next() has returned all its frames.
    virtual bool ended() const = 0;
};

}  // namespace emotion::pipeline
