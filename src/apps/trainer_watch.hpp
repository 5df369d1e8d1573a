#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "apps/progress.hpp"
#include "training/training_run.hpp"

namespace emotion::apps {

/// Shows how far a training is and logs its epochs, one JSON object a line.
class TrainingWatch {
  public:
    /// Without a log for an empty path; one that is there is begun anew. `progress` must outlive it. Throws
    /// Error for a file that cannot be written.
    TrainingWatch(Progress& progress, const std::filesystem::path& log);

    /// Has the hooks tell it, which it must then outlive.
    void listen(TrainingHooks& hooks);

  private:
    using Clock = std::chrono::steady_clock;

    void within_epoch(const std::string& stage, std::int64_t done, std::int64_t all);
    void after_epoch(const TrainingStep& step);
    void log(const TrainingStep& step, double seconds);

    Progress& progress_;
    std::ofstream log_;
    std::string stage_;
    bool slow_epochs_ = false;  ///< pictures are told within an epoch
    const Clock::time_point begun_ = Clock::now();
    Clock::time_point last_epoch_ = begun_, told_ = begun_;
};

}  // namespace emotion::apps
