#pragma once

#include <optional>
#include <string>
#include <vector>

#include "faces/frame_result.hpp"
#include "results/text_output.hpp"

namespace emotion::results {

/// The results of a run as JSON Lines, as a CSV table, as both or as neither. Not thread-safe.
class ResultTables {
  public:
    /// nullopt: not written. Throws Error if one cannot be written.
    ResultTables(const std::optional<std::string>& jsonl, const std::optional<std::string>& csv,
                 std::vector<std::string> classes, TextOutput::Growth growth);

    /// Throws Error.
    void write(const faces::FrameResult& result);
    /// Puts both in place, each even if the other cannot be. Throws Error.
    void finish();

  private:
    std::vector<std::string> classes_;
    std::optional<TextOutput> jsonl_, csv_;
};

}  // namespace emotion::results
