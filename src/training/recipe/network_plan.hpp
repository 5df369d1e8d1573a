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

/// The rows of the plan in the table of settings, except those of the optimizer and of `augmentation`; valid
/// as long as the plan is.
inline config::SettingsSection settings_of(NetworkTrainingPlan& plan) {
    config::SettingsSection section{"network", "How a network is trained.", {}};
    section.add("epochs", plan.epochs, {1, 100000}, "Passes over the training pictures.");
    section.add("batch_size", plan.batch_size, {2, 4096}, "Pictures a step.");
    section.add("learning_rate", plan.learning_rate, {0, 1e38, true},
                "At its peak; the schedule is one cycle.");
    section.add("warmup", plan.warmup, {0, 1}, "Share of the steps until the peak.");
    section.add("label_smoothing", plan.label_smoothing, {0, 1, false, true},
                "Share of each target that is spread over all classes.");
    section.add("shown_label", plan.shown_label, {0, 10},
                "Weight of a second loss, for pictures whose label is a shown class: which of the shown "
                "classes it is, leaving out the others; 0: none.");
    section.add("averaging", plan.averaging, {0, 1, false, true},
                "Decay, a step, of the moving average of the weights that becomes the model; 0: none.");
    section.add("patience", plan.patience, {0, 100000},
                "Training ends after so many epochs without a lower validation loss; 0: never.");
    return section;
}

/// These settings and those of the augmentation as Markdown; a test compares assets/docs/recipes.md with it.
std::string plan_settings_page();

}  // namespace emotion::training
