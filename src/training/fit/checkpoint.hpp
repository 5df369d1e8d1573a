#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ml/optim/network_trainer.hpp"

namespace emotion::training {

/// The metrics of an epoch.
struct EpochRecord {
    std::int64_t epoch = 0;  ///< from 1
    double learning_rate = 0;
    double train_loss = 0, train_accuracy = 0;  ///< over the epoch's augmented pictures, while weights change
    double validation_loss = 0, validation_accuracy = 0;  ///< of the averaged weights
};

/// The state needed to resume a network's training as if it had not been interrupted.
struct Checkpoint {
    /// Identifies everything that affects the result (recipe, data, seed); a checkpoint with another
    /// fingerprint is rejected.
    std::string fingerprint;
    std::vector<EpochRecord> epochs;
    ml::NetworkTrainingState state;
    std::int64_t best_epoch = 0;
    std::vector<float> best_weights;  ///< averaged parameters, then statistics
};

/// Ends with a SHA-256 checksum, to detect truncated or modified files.
std::string checkpoint_bytes(const Checkpoint& checkpoint);
/// Throws Error naming `name` for an invalid checkpoint.
Checkpoint parse_checkpoint(std::string_view bytes, const std::string& name);

/// Replaces the file atomically: a kill leaves the previous checkpoint or the new one.
void save_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);
/// nullopt if there is none.
std::optional<Checkpoint> load_checkpoint(const std::filesystem::path& path);

}  // namespace emotion::training
