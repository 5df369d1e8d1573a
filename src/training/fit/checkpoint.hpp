#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ml/optim/network_trainer.hpp"

namespace emotion::training {

/// One epoch as it is reported, kept and drawn.
struct EpochRecord {
    std::int64_t epoch = 0;  ///< counts from 1
    double learning_rate = 0;
    double train_loss = 0, train_accuracy = 0;  ///< over the epoch's augmented pictures, weights still moving
    double validation_loss = 0, validation_accuracy = 0;  ///< of the averaged weights
};

/// All that a network's training needs to go on as if it had never stopped.
struct Checkpoint {
    /// Of everything that shapes the result (recipe, data, seed); a training refuses another's checkpoint.
    std::string fingerprint;
    std::vector<EpochRecord> epochs;
    ml::NetworkTrainingState state;
    std::int64_t best_epoch = 0;
    std::vector<float> best_weights;  ///< averaged parameters, then statistics
};

/// Ends with the SHA-256 of all before it, so that a torn or altered file is noticed.
std::string checkpoint_bytes(const Checkpoint& checkpoint);
/// Throws Error, naming `name`, for bytes that are not a whole checkpoint.
Checkpoint parse_checkpoint(std::string_view bytes, const std::string& name);

/// Written beside and renamed: a kill at any moment leaves the previous checkpoint or the new one.
void save_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);
/// nullopt where there is none yet.
std::optional<Checkpoint> load_checkpoint(const std::filesystem::path& path);

}  // namespace emotion::training
