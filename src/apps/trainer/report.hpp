#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "training/fit/trained_model.hpp"
#include "training/fit/training_context.hpp"
#include "training/recipe/recipe.hpp"
#include "training/report/report.hpp"

namespace emotion::apps {

/// Collects the metrics of each epoch and writes the report at the end of a training.
class TrainingReport : public training::TrainingObserver {
  public:
    /// Throws Error if the folder cannot be written to.
    explicit TrainingReport(const std::filesystem::path& folder);

    void on_epoch(const training::TrainingStep& step) override;
    bool wants_curves() const override { return true; }
    void write(const training::TrainedModel& trained, const training::Recipe& recipe,
               const training::Dataset& data, const training::Dataset& validation, std::uint64_t seed,
               double seconds) const;

  private:
    std::filesystem::path folder_;
    std::vector<training::TrainingStep> history_;
};

/// Writes the report of a card's evaluation. `folders` contain the scored pictures; with `detected` faces
/// they are shown as they are, otherwise as crops as seen by the model.
void write_evaluation_report(const std::filesystem::path& folder, const std::filesystem::path& card,
                             const std::vector<training::ClassFolder>& folders,
                             const std::vector<training::ScoredFolder>& scored,
                             const training::Evaluation& evaluation, bool detected, double seconds);

}  // namespace emotion::apps
