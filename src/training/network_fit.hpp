#pragma once

#include "training/training_run.hpp"

namespace emotion {

/// A convolutional network by recipe.network, its best epoch chosen and its answers held out by `validation`;
/// if that is empty, by a tenth of `data`, dealt out by the seed and not learned from.
FittedModel fit_network(const Recipe& recipe, const Dataset& data, const Dataset& validation,
                        std::uint64_t seed, ThreadPool& threads, const TrainingHooks& hooks);

}  // namespace emotion
