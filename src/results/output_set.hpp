#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "results/error_collector.hpp"
#include "results/frame_output.hpp"
#include "results/output_table.hpp"

namespace emotion::results {

/// The outputs of one source, or those shared by all sources of a run. Not thread-safe.
class OutputSet {
  public:
    OutputSet() = default;
    /// Opens those outputs of `targets` that exist in this scope, in table order. Throws Error.
    OutputSet(const OutputTargets& targets, const OutputContext& context);

    /// Appends another output and returns it.
    template <typename Output>
    Output& add(std::unique_ptr<Output> output) {
        auto& added = *output;
        outputs_.push_back(std::move(output));
        return added;
    }

    /// Calls start() or write() of each output, stopping at the first exception.
    void start(const media::SourceInfo& source);
    void write(const faces::FrameResult& result, drawing::Canvas& canvas);

    /// Calls end() or finish() of each output even if some fail, collecting exceptions in `errors`. In
    /// reverse table order: a video takes longest, and is the most likely to run out of space.
    void end(const SourceEnd& how, ErrorCollector& errors);
    void finish(ErrorCollector& errors);

  private:
    std::vector<std::unique_ptr<FrameOutput>> outputs_;
};

}  // namespace emotion::results
