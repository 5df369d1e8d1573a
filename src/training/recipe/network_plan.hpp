#pragma once

#include <string>

#include "config/settings.hpp"
#include "ml/optim/network_optimizer.hpp"
#include "training/data/augmentation.hpp"

namespace emotion::training {

/// The hyperparameters of a network's training, independent of its layers and data; settings_of() explains
/// them.
struct NetworkTrainingPlan {
    int epochs = 40, batch_size = 64, patience = 0;
    double learning_rate = 4e-3, warmup = 0.25, label_smoothing = 0.1, averaging = 0.999, shown_label = 0.0;
    ml::OptimizerOptions optimizer = ml::AdamW{};
    AugmentationOptions augmentation;

    /// Throws ConfigError naming the option, its value and the limit.
    void validate() const;
};

/// All settings except those of the optimizer and of `augmentation`.
config::SettingsSection settings_of(NetworkTrainingPlan& plan);

/// These settings and those of the augmentation as Markdown; a test compares assets/docs/recipes.md with it.
std::string plan_settings_page();

}  // namespace emotion::training
