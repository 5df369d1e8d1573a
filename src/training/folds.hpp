#pragma once

#include <cstdint>
#include <vector>

#include "training/dataset.hpp"

namespace emotion {

/// The fold, in [0, folds), of each picture: every class is shuffled by the seed and dealt out evenly. Throws
/// Error for a class with fewer pictures than folds.
std::vector<int> deal_into_folds(const Dataset& data, int folds, std::uint64_t seed);

}  // namespace emotion
