#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/yaml_map.hpp"
#include "ml/core/shape.hpp"
#include "training/recipe/network_plan.hpp"

namespace emotion::training {

/// Learning from other models' probabilities beside the labels (Hinton, Vinyals and Dean, "Distilling the
/// knowledge in a neural network", 2015).
struct DistillationOptions {
    enum class Asked {
        kOnce,      ///< about each training picture, unchanged
        kEachView,  ///< about every view that the student sees, as it sees it (Beyer et al., "Knowledge
                    ///< distillation: a good teacher is patient and consistent", CVPR 2022)
    };
    std::vector<std::filesystem::path> teachers;  ///< model cards that know every class of the recipe
    double weight = 0.7;                          ///< [0, 1]: of the teachers' mean against the label
    Asked asked = Asked::kOnce;
};

/// A recipe's part for the convolutional family.
struct NetworkRecipe {
    std::vector<std::string> layers;  ///< as parse_network() reads them; empty: those of `start`
    std::filesystem::path start;      ///< card of the network whose weights come first; empty: the seed draws
    NetworkTrainingPlan plan;
    DistillationOptions distillation;
};

/// Reads the keys of a NetworkRecipe, whose layers read `input`; nullopt: another network is given, and it
/// has neither layers nor start. start and teachers are looked for from `folder`. Throws ConfigError.
NetworkRecipe read_network_recipe(config::YamlMap yaml, const std::filesystem::path& folder,
                                  const std::optional<ml::Shape>& input);

}  // namespace emotion::training
