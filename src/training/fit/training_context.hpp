#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/parallel.hpp"

namespace emotion::training {

/// The metrics reported after each epoch.
struct TrainingStep {
    std::string stage;  ///< "training", or a preliminary stage
    int epoch = 0;      ///< from 1
    int epochs = 0;     ///< the maximum
    double loss = 0.0;  ///< on the training pictures
    std::optional<double> accuracy;
    std::optional<double> validation_loss, validation_accuracy;
};

/// Observes a training. Called on the training thread; an exception ends the training and leaves its last
/// checkpoint.
class TrainingObserver {
  public:
    virtual ~TrainingObserver() = default;
    virtual void on_epoch(const TrainingStep& step) = 0;
    /// Progress within an epoch or another long stage, in pictures.
    virtual void on_progress(const std::string& /*stage*/, std::int64_t /*done*/, std::int64_t /*all*/) {}
    /// Whether it needs accuracy and validation metrics of each epoch even if nothing else does.
    virtual bool wants_curves() const { return false; }
};

/// Shared by all parts of a training. The pool and the observers must outlive it.
struct TrainingContext {
    std::uint64_t seed = 0;
    ThreadPool& threads;
    std::vector<TrainingObserver*> observers{};
    std::filesystem::path
        checkpoint{};     ///< written after each epoch by families that support it; empty: none
    bool resume = false;  ///< continue from the checkpoint if there is one

    void report_epoch(const TrainingStep& step) const {
        for (auto* observer : observers) observer->on_epoch(step);
    }
    void report_progress(const std::string& stage, std::int64_t done, std::int64_t all) const {
        for (auto* observer : observers) observer->on_progress(stage, done, all);
    }
    bool wants_curves() const {
        for (const auto* observer : observers)
            if (observer->wants_curves()) return true;
        return false;
    }
};

}  // namespace emotion::training
