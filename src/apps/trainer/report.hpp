#pragma once

#include <cstdint>
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
    /// `seed` is the training's. Throws Error if the folder cannot be written to.
    TrainingReport(const std::filesystem::path& folder, std::uint64_t seed);

    void on_epoch(const training::TrainingStep& step) override;
    bool wants_curves() const override { return true; }
    void write(const training::TrainedModel& trained, const training::Recipe& recipe,
               const training::Dataset& data, const training::Dataset& validation, double seconds) const;

  private:
    std::filesystem::path folder_;
    std::uint64_t seed_;
    std::vector<training::TrainingStep> history_;
};

/// The pictures of an evaluation and its results.
struct EvaluatedPictures {
    const std::vector<training::ClassFolder>& folders;
    const std::vector<training::ScoredFolder>& scored;
    const training::Evaluation& evaluation;
    bool detected = false;  ///< faces were detected, so pictures are shown whole, not as crops
};

/// Writes the report of a card's evaluation, which took `seconds`.
void write_evaluation_report(const std::filesystem::path& folder, const std::filesystem::path& card,
                             const EvaluatedPictures& evaluated, double seconds);

}  // namespace emotion::apps
