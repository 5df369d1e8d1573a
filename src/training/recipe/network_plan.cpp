#include "training/recipe/network_plan.hpp"

namespace emotion::training {

void NetworkTrainingPlan::validate() const {
    auto copy = *this;
    config::check_settings(settings_of(copy));
    augmentation.validate();
}

config::SettingsSection settings_of(NetworkTrainingPlan& plan) {
    return {
        "network",
        "How a network is trained.",
        {{"epochs", &plan.epochs, {1, 100000}, "Passes over the training pictures."},
         {"batch_size", &plan.batch_size, {2, 4096}, "Pictures a step."},
         {"learning_rate", &plan.learning_rate, {0, 1e38, true}, "At its peak; the schedule is one cycle."},
         {"warmup", &plan.warmup, {0, 1}, "Share of the steps until the peak."},
         {"label_smoothing",
          &plan.label_smoothing,
          {0, 1, false, true},
          "Share of each target that is spread over all classes."},
         {"shown_label",
          &plan.shown_label,
          {0, 10},
          "Weight of a second loss, for pictures whose label is a shown class: which of the shown classes it "
          "is, "
          "leaving out the others; 0: none."},
         {"averaging",
          &plan.averaging,
          {0, 1, false, true},
          "Decay, a step, of the moving average of the weights that becomes the model; 0: none."},
         {"patience",
          &plan.patience,
          {0, 100000},
          "Training ends after so many epochs without a lower validation loss; 0: never."}}};
}

std::string plan_settings_page() {
    NetworkTrainingPlan plan;
    std::string text;
    for (const auto& section : {settings_of(plan), settings_of(plan.augmentation)})
        text += config::wrapped(section.help, "") + "\n" + config::settings_table(section) + "\n";
    return text;
}

}  // namespace emotion::training
