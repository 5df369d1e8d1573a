#include "training/recipe/network_plan.hpp"

#include "base/option_check.hpp"

namespace emotion::training {

void NetworkTrainingPlan::validate() const {
    check_option("epochs", epochs, epochs >= 1, "at least 1");
    check_option("batch_size", batch_size, batch_size >= 2, "at least 2");
    check_option("learning_rate", learning_rate, learning_rate > 0, "a positive number");
    check_range("warmup", warmup, 0, 1);
    check_option("label_smoothing", label_smoothing, label_smoothing >= 0 && label_smoothing < 1,
                 "a number in [0, 1)");
    check_option("patience", patience, patience >= 0, "0 or more");
    check_option("averaging", averaging, averaging >= 0 && averaging < 1, "a number in [0, 1)");
    augmentation.validate();
}

}  // namespace emotion::training
