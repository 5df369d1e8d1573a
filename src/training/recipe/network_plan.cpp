#include "training/recipe/network_plan.hpp"

namespace emotion::training {

void NetworkTrainingPlan::validate() const {
    config::checked(*this);
    config::checked(augmentation);
}

std::string plan_settings_page() {
    NetworkTrainingPlan plan;
    std::string text;
    for (const auto& section : {settings_of(plan), settings_of(plan.augmentation)})
        text += config::wrapped(section.help, "") + "\n" + config::settings_table(section) + "\n";
    return text;
}

}  // namespace emotion::training
