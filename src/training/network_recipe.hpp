#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/yaml_map.hpp"
#include "training/network_training.hpp"

namespace emotion {

/// Learning from other models' probabilities beside the labels (Hinton, Vinyals and Dean, "Distilling the
/// knowledge in a neural network", 2015). Each training picture is scored once, unchanged, by every teacher.
struct DistillationOptions {
    std::vector<std::filesystem::path> teachers;  ///< model cards that know every class of the recipe
    double weight = 0.7;                          ///< [0, 1]: of the teachers' mean against the label
};

/// A recipe's part for the convolutional family.
struct NetworkRecipe {
    std::vector<std::string> layers;  ///< as parse_network() reads them
    NetworkTrainingPlan plan;
    DistillationOptions distillation;
};

/// Reads the keys of a NetworkRecipe, which has no layers where it goes on from a network; teachers are
/// looked for from `folder`. Throws ConfigError.
NetworkRecipe read_network_recipe(YamlMap yaml, const std::filesystem::path& folder, bool with_layers);

}  // namespace emotion
