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

/// The pictures that a network learns from and is chosen by, which must outlive its training, and what those
/// learned from teach.
struct NetworkLesson {
    const Dataset& train;
    const Dataset& validation;
    std::vector<float> targets{};  ///< (N, classes), in place of what is known of each; empty: that
    std::vector<float> weights{};  ///< (N): how often each picture counts; empty: once
    /// Changes a batch's targets, (N, classes), by the views of the pictures that the network is about to
    /// learn from, (N, channels, height, width). Must depend on nothing else. Empty: they stay.
    std::function<void(std::span<const float> views, std::span<float> targets)> of_views{};
};

struct TrainedNetwork {
    ml::Network network;  ///< averaged weights of the best epoch: the one with the least validation loss
    std::int64_t best_epoch = 0;
    std::vector<EpochRecord> epochs;
};

/// Trains `start` and keeps the best epoch by the lesson's validation. The same start and seed give the same
/// weights whatever the number of threads and wherever it was interrupted. The `fingerprint` is of all that
/// shapes the result, so that no other training's checkpoint is gone on with. Throws ConfigError for fewer
/// pictures than one batch and Error, naming the step and what to change, if the loss is no longer finite
/// (the last good checkpoint stays).
TrainedNetwork train_network(ml::Network start, const NetworkTrainingPlan& plan, NetworkLesson lesson,
                             const TrainingContext& context, const std::string& fingerprint);

/// Crops, or their mirror images, as the network's floats, (N, channels, height, width).
std::vector<float> network_inputs(const Dataset& data, bool mirrored, ThreadPool& pool);

}  // namespace emotion::training
