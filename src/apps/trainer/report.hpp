#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "training/recipe/recipe.hpp"
#include "training/report/report.hpp"
#include "training/fit/training_run.hpp"

namespace emotion::apps {

/// Keeps what a training tells after each epoch, and in the end writes the report of it.
class TrainingReport {
  public:
    /// Refuses a folder that cannot be written to and a machine without gnuplot.
    explicit TrainingReport(const std::filesystem::path& folder);

    /// Asks the hooks for what the report draws; whatever else listens is still told.
    void listen(TrainingHooks& hooks);
    void write(const TrainedModel& trained, const Recipe& recipe, const Dataset& data,
               const Dataset& validation, std::uint64_t seed, double seconds) const;

  private:
    std::filesystem::path folder_;
    std::vector<TrainingStep> history_;
};

/// The report of a card's evaluation. `folders` hold the pictures that were scored; where faces were
/// `detected` they are shown as they are, and otherwise as the crops that the model saw.
void write_evaluation_report(const std::filesystem::path& folder, const std::filesystem::path& card,
                             const std::vector<ClassFolder>& folders, const std::vector<ScoredFolder>& scored,
                             const Evaluation& evaluation, bool detected, double seconds);

}  // namespace emotion::apps
