#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/yaml_map.hpp"
#include "ml/core/shape.hpp"
#include "training/recipe/network_plan.hpp"

namespace emotion::training {

/// Knowledge distillation (Hinton, Vinyals and Dean, "Distilling the knowledge in a neural network", 2015).
struct DistillationOptions {
    enum class Mode {
        kOnce,      ///< teachers score each training picture once, unchanged
        kEachView,  ///< teachers score every augmented view (Beyer et al., "Knowledge
                    ///< distillation: a good teacher is patient and consistent", CVPR 2022)
    };
    std::vector<std::filesystem::path> teachers;  ///< model cards that have every class of the recipe
    double weight = 0.7;                          ///< [0, 1]: of the teachers' mean relative to the label
    Mode mode = Mode::kOnce;
};

/// The section of a recipe for convolutional networks.
struct NetworkRecipe {
    std::vector<std::string> layers;  ///< see parse_network(); empty: those of `start`
    std::filesystem::path start;      ///< card of the network with the initial weights; empty: random
    NetworkTrainingPlan plan;
    DistillationOptions distillation;
    bool half_precision = false;  ///< the trained weights are rounded to 16-bit floats
};

/// Reads a NetworkRecipe for crops of shape `input`; nullopt: the network is given elsewhere, so there are
/// neither layers nor start. Paths are relative to `folder`. Throws ConfigError.
NetworkRecipe read_network_recipe(config::YamlMap yaml, const std::filesystem::path& folder,
                                  const std::optional<ml::Shape>& input);

}  // namespace emotion::training
