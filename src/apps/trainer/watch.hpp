#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "apps/common/progress.hpp"
#include "training/fit/training_context.hpp"

namespace emotion::apps {

/// Shows the progress of a training and logs its epochs, one JSON object per line.
class TrainingWatch : public training::TrainingObserver {
  public:
    /// An empty path disables the log; an existing one is truncated at the first epoch, so that a training
    /// that fails earlier leaves it as it was. `progress` must outlive it. Throws Error for a file that
    /// cannot be written.
    TrainingWatch(Progress& progress, std::filesystem::path log);

    /// Starts measuring time.
    void start();
    void on_epoch(const training::TrainingStep& step) override;
    void on_progress(const std::string& stage, std::int64_t done, std::int64_t all) override;

  private:
    using Clock = std::chrono::steady_clock;

    void log(const training::TrainingStep& step, double seconds);

    Progress& progress_;
    std::filesystem::path log_file_;
    std::ofstream log_;
    bool log_started_ = false;
    std::string stage_;
    bool slow_epochs_ = false;  ///< report pictures within an epoch
    Clock::time_point started_, last_epoch_, last_line_;
};

}  // namespace emotion::apps
