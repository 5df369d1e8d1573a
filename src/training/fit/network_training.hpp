#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/parallel.hpp"
#include "ml/network/network.hpp"
#include "training/data/dataset.hpp"
#include "training/fit/checkpoint.hpp"
#include "training/fit/training_context.hpp"
#include "training/recipe/network_plan.hpp"

namespace emotion::training {

/// The data for training a network and for selecting its epoch; both datasets must outlive the training.
struct NetworkTrainingData {
    const Dataset& train;
    const Dataset& validation;
    std::vector<float> targets{};      ///< (N, classes), replacing the data's own distributions; empty: those
    std::vector<float> weights{};      ///< (N), per picture; empty: all 1
    std::vector<std::size_t> shown{};  ///< classes that the plan's shown_label is about
    /// Modifies the targets (N, classes) of a batch given its views (N, channels, height, width). Must depend
    /// on nothing else. Empty: no change.
    std::function<void(std::span<const float> views, std::span<float> targets)> adjust_targets{};
};

struct TrainedNetwork {
    ml::Network network;  ///< averaged weights of the epoch with the lowest validation loss
    std::int64_t best_epoch = 0;
    std::vector<EpochRecord> epochs;
};

/// Trains `start` and keeps the epoch with the lowest validation loss. Deterministic for a start and seed,
/// regardless of the number of threads and of interruptions. `fingerprint` identifies everything that affects
/// the result, so that no other training's checkpoint is resumed. Throws ConfigError for fewer pictures than
/// one batch, and Error naming the step and a remedy if the loss becomes infinite or NaN (the last good
/// checkpoint is kept).
TrainedNetwork train_network(ml::Network start, const NetworkTrainingPlan& plan,
                             NetworkTrainingData training_data, const TrainingContext& context,
                             const std::string& fingerprint);

/// Crops, or their mirror images, as network inputs, (N, channels, height, width).
std::vector<float> network_inputs(const Dataset& data, bool mirrored, ThreadPool& pool);

}  // namespace emotion::training
