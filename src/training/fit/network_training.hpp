#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/parallel.hpp"
#include "ml/network/network.hpp"
#include "ml/optim/network_optimizer.hpp"
#include "training/data/augmentation.hpp"
#include "training/data/dataset.hpp"
#include "training/fit/checkpoint.hpp"

namespace emotion::training {

/// How a network learns; what it looks like and what it learns from come apart.
struct NetworkTrainingPlan {
    int epochs = 40;
    int batch_size = 64;
    double learning_rate = 4e-3;  ///< at its peak (one-cycle)
    double warmup = 0.25;         ///< share of the steps until then
    ml::OptimizerOptions optimizer = ml::AdamW{};
    double label_smoothing = 0.1;
    double averaging = 0.999;  ///< of the weights, a step
    int patience = 0;          ///< ends after so many epochs without a lower validation loss; 0: never
    AugmentationOptions augmentation;

    /// Throws ConfigError that names the option, its value and the limit.
    void validate() const;
};

struct NetworkTrainingHooks {
    /// After each batch: pictures done of this epoch's.
    std::function<void(std::int64_t epoch, std::int64_t done, std::int64_t pictures)> on_batch;
    std::function<void(const EpochRecord&)> on_epoch;
    /// Where to keep the training after each epoch and to go on from; empty: nowhere.
    std::filesystem::path checkpoint;
    std::string fingerprint;
    bool resume = false;
};

/// What the pictures are to teach in place of what is known of them, each counting alike.
struct NetworkTargets {
    std::vector<float> distributions;  ///< (N, classes); empty: the data's own
    std::vector<float> weights;        ///< (N): how often each picture counts; empty: once
    /// Changes a batch's targets, (N, classes), by the views of the pictures that the network is about to
    /// learn from, (N, channels, height, width). Must depend on nothing else. Empty: they stay.
    std::function<void(std::span<const float> views, std::span<float> targets)> of_views{};
};

struct TrainedNetwork {
    ml::Network network;  ///< averaged weights of the best epoch: the one with the least validation loss
    std::int64_t best_epoch = 0;
    std::vector<EpochRecord> epochs;
};

/// Trains `start` on `train` and keeps the best epoch by `validation`. The same start and seed give the same
/// weights whatever the number of threads and wherever it was interrupted. Throws ConfigError for fewer
/// pictures than one batch and Error, naming the step and what to change, if the loss is no longer finite
/// (the last good checkpoint stays).
TrainedNetwork train_network(ml::Network start, const NetworkTrainingPlan& plan, const Dataset& train,
                             NetworkTargets targets, const Dataset& validation, std::uint64_t seed,
                             const NetworkTrainingHooks& hooks, ThreadPool& pool);
/// Crops, or their mirror images, as the network's floats, (N, channels, height, width).
std::vector<float> network_inputs(const Dataset& data, bool mirrored, ThreadPool& pool);

}  // namespace emotion::training
