#pragma once

#include "ml/optim/network_optimizer.hpp"
#include "training/data/augmentation.hpp"

namespace emotion::training {

/// The hyperparameters of a network's training, independent of its layers and data.
struct NetworkTrainingPlan {
    int epochs = 40;
    int batch_size = 64;
    double learning_rate = 4e-3;  ///< peak of the one-cycle schedule
    double warmup = 0.25;         ///< fraction of the steps up to the peak
    ml::OptimizerOptions optimizer = ml::AdamW{};
    double label_smoothing = 0.1;
    double averaging = 0.999;  ///< decay of the averaged weights per step
    int patience = 0;          ///< stop after this many epochs without a lower validation loss; 0: never
    AugmentationOptions augmentation;

    /// Throws ConfigError naming the option, its value and the limit.
    void validate() const;
};

}  // namespace emotion::training
