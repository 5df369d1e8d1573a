#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "apps/common/progress.hpp"
#include "training/fit/training_context.hpp"

namespace emotion::apps {

/// Shows how far a training is and logs its epochs, one JSON object a line.
class TrainingWatch : public training::TrainingObserver {
  public:
    /// Without a log for an empty path; one that is there is begun anew with the first epoch, so that a
    /// training that fails before leaves it as it was. `progress` must outlive it. Throws Error for a file
    /// that cannot be written.
    TrainingWatch(Progress& progress, std::filesystem::path log);

    /// Times count from here.
    void start();
    void on_epoch(const training::TrainingStep& step) override;
    void on_progress(const std::string& stage, std::int64_t done, std::int64_t all) override;

  private:
    using Clock = std::chrono::steady_clock;

    void log(const training::TrainingStep& step, double seconds);

    Progress& progress_;
    std::filesystem::path log_file_;
    std::ofstream log_;
    bool log_begun_ = false;
    std::string stage_;
    bool slow_epochs_ = false;  ///< pictures are told within an epoch
    Clock::time_point begun_, last_epoch_, told_;
};

}  // namespace emotion::apps
