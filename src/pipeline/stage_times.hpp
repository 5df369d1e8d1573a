#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <vector>

namespace emotion::pipeline {

/// The stages of processing a frame, in order.
enum class Stage { kDecode, kDetect, kTrack, kScore, kSmooth, kDraw, kEncode, kShow };
inline constexpr std::array<std::string_view, 8> kStageNames{"decode", "detect", "track",  "score",
                                                             "smooth", "draw",   "encode", "show"};

/// Measures the durations of consecutive steps.
class Stopwatch {
  public:
    /// Milliseconds since the last call or since construction.
    double lap_ms();

  private:
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

/// The time one frame spent in each stage; 0 for a skipped stage.
class FrameTimes {
  public:
    double& operator[](Stage stage) { return ms_[static_cast<std::size_t>(stage)]; }
    double operator[](Stage stage) const { return ms_[static_cast<std::size_t>(stage)]; }
    /// The time from a decoded frame to its result: detect, track, score and smooth.
    double compute_ms() const;

  private:
    std::array<double, kStageNames.size()> ms_{};
};

struct DurationSummary {
    double mean_ms = 0.0, p50_ms = 0.0, p95_ms = 0.0, p99_ms = 0.0;
};

/// A histogram of durations with constant memory: each bin is 1 % wider than the previous one, so percentiles
/// are accurate to half a percent between 0.1 us and a quarter of an hour; the mean is exact.
class DurationHistogram {
  public:
    /// `ms` must not be negative.
    void add(double ms);
    std::int64_t count() const { return count_; }
    /// Nearest-rank percentiles; all zero without data.
    DurationSummary summary() const;

  private:
    double percentile(double share) const;

    std::vector<std::int64_t> bins_;
    std::int64_t count_ = 0;
    double sum_ms_ = 0.0, smallest_ms_ = 0.0, largest_ms_ = 0.0;
};

/// The times of all frames of a run. Not thread-safe.
class StageTimes {
  public:
    void add(const FrameTimes& frame);
    DurationSummary stage(Stage stage) const { return stages_[static_cast<std::size_t>(stage)].summary(); }
    DurationSummary compute() const { return compute_.summary(); }
    std::int64_t frames() const { return compute_.count(); }

  private:
    std::array<DurationHistogram, kStageNames.size()> stages_;
    DurationHistogram compute_;
};

}  // namespace emotion::pipeline
