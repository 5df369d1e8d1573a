#pragma once

#include <chrono>
#include <optional>

#include "media/frame_source.hpp"
#include "pipeline/analyzed_frame.hpp"

namespace emotion::pipeline {

/// The frames of a source in order with what is seen in them. Not thread-safe.
class Analysis {
  public:
    Analysis() = default;
    virtual ~Analysis() = default;
    Analysis(const Analysis&) = delete;
    Analysis& operator=(const Analysis&) = delete;

    /// Null until the source is open.
    virtual const media::SourceInfo* info() const = 0;
    /// The next frame; nullopt if none comes within `timeout`, and at the end. Throws what the source or the
    /// analysis threw, behind the last frame before that.
    virtual std::optional<AnalyzedFrame> next(std::chrono::milliseconds timeout) = 0;
    /// Whether the source has come to its end and next() has given all its frames.
    virtual bool ended() const = 0;
};

}  // namespace emotion::pipeline
