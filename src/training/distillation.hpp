#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "base/parallel.hpp"
#include "training/dataset.hpp"
#include "training/network_recipe.hpp"

namespace emotion {

/// What a student is to learn from its teachers: for each picture the label's distribution and the mean of
/// the teachers' calibrated probabilities, the latter with `weight`: (N, classes). A teacher's classes are
/// found by their names; those it has beside the data's are left out. Throws ConfigError for a teacher that
/// lacks a class. `on_progress` hears on the calling thread how many scores of how many are done.
std::vector<float> distilled_targets(
    const DistillationOptions& options, const Dataset& data, ThreadPool& pool,
    const std::function<void(std::int64_t done, std::int64_t all)>& on_progress);

}  // namespace emotion
