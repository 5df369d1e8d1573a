#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/parallel.hpp"

namespace emotion::training {

/// What a training reports after each epoch.
struct TrainingStep {
    std::string stage;  ///< "training", or what is being tried out first
    int epoch = 0;      ///< from 1
    int epochs = 0;     ///< at most so many
    double loss = 0.0;  ///< of the training pictures
    std::optional<double> accuracy;
    std::optional<double> validation_loss, validation_accuracy;
};

/// Sees how far a training is. Called from the thread that trains; what it throws ends the training, whose
/// last checkpoint stays.
class TrainingObserver {
  public:
    virtual ~TrainingObserver() = default;
    virtual void on_epoch(const TrainingStep& step) = 0;
    /// Within an epoch, or whatever else takes long: pictures done, of how many.
    virtual void on_progress(const std::string& /*stage*/, std::int64_t /*done*/, std::int64_t /*all*/) {}
    /// Whether it wants accuracy and the validation's figures of each epoch even where nothing else needs
    /// them.
    virtual bool wants_curves() const { return false; }
};

/// What all parts of a training share. The pool and the observers must outlive it.
struct TrainingContext {
    std::uint64_t seed = 0;
    ThreadPool& threads;
    std::vector<TrainingObserver*> observers{};
    std::filesystem::path
        checkpoint{};     ///< written after each epoch by the families that can; empty: nowhere
    bool resume = false;  ///< go on from the checkpoint, if there is one

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
