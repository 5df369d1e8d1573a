#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "apps/trainer/train_command.hpp"
#include "training/recipe/recipe.hpp"

namespace emotion::apps {

// Checks before a training, so that it does not fail at its end. All throw ConfigError, or Error for a file
// that cannot be written.

/// Refuses options that exclude each other, and outputs that cannot be written.
void check_command(const TrainCommand& command);

/// Refuses to overwrite the checkpoint of an interrupted training, unless this one resumes it, and to resume
/// one that is finished. `is_kept`: the recipe's training saves a checkpoint. Returns a note about a --resume
/// that has no effect; empty: none.
std::string check_checkpoint(const TrainCommand& command, bool is_kept);

/// Refuses outputs that would overwrite an input or another output.
void check_outputs(const TrainCommand& command, const training::Recipe& recipe,
                   const std::filesystem::path& recipe_file);

/// Refuses names and texts that the card cannot hold. `name` is the model's; empty `classes` are not checked.
void check_card(const TrainCommand& command, const training::Recipe& recipe, const std::string& name,
                const std::vector<std::string>& classes);

}  // namespace emotion::apps
