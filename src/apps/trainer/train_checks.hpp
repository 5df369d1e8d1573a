#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "apps/trainer/train_command.hpp"
#include "training/recipe/recipe.hpp"

namespace emotion::apps {

// What a training would fail of at its end is refused before its beginning. All throw ConfigError, or Error
// for a place that cannot be written to.

/// Options that do not go together, and outputs that cannot be written.
void check_command(const TrainCommand& command);

/// A checkpoint that an interrupted training left, unless this one is to go on with it.
void check_checkpoint(const TrainCommand& command);

/// An output in the place of what the training is made of, or of another output.
void check_outputs(const TrainCommand& command, const training::Recipe& recipe,
                   const std::filesystem::path& recipe_file);

/// Names and texts that the card cannot hold; `name` is the model's, `classes` may be empty: not checked.
void check_card(const TrainCommand& command, const training::Recipe& recipe, const std::string& name,
                const std::vector<std::string>& classes);

}  // namespace emotion::apps
