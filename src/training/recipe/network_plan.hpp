#pragma once

#include "ml/optim/network_optimizer.hpp"
#include "training/data/augmentation.hpp"

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

}  // namespace emotion::training
