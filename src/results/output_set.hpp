#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "results/error_collector.hpp"
#include "results/frame_output.hpp"
#include "results/output_table.hpp"

namespace emotion::results {

/// The outputs of a source, or those that all sources of a run share. Not thread-safe.
class OutputSet {
  public:
    OutputSet() = default;
    /// Opens the outputs of `targets` that there are in this scope, in the order of the table. Throws Error.
    OutputSet(const OutputTargets& targets, const OutputContext& context);

    /// Another one, behind those that are there; returns it.
    template <typename Output>
    Output& add(std::unique_ptr<Output> output) {
        auto& added = *output;
        outputs_.push_back(std::move(output));
        return added;
    }

    /// FrameOutput's of each. The first that throws ends it: those behind do not get the frame.
    void start(const media::SourceInfo& source);
    void write(const faces::FrameResult& result, drawing::Canvas& canvas);

    /// FrameOutput's of each though others fail; `errors` gets what is thrown. The last of the table comes
    /// first: a video takes longest, and may fail for want of room.
    void end(const SourceEnd& how, ErrorCollector& errors);
    void finish(ErrorCollector& errors);

  private:
    std::vector<std::unique_ptr<FrameOutput>> outputs_;
};

}  // namespace emotion::results
