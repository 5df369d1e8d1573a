#pragma once

#include <cstdint>
#include <vector>

#include "training/data/dataset.hpp"
#include "training/data/duplicates.hpp"

namespace emotion::training {

/// Assigns each picture to a fold in [0, folds): classes are shuffled by `seed` and distributed evenly, with
/// duplicates in the same fold. Throws Error for a class whose distinct pictures are fewer than the folds,
/// but not zero.
std::vector<int> assign_folds(const Dataset& data, int folds, std::uint64_t seed,
                              const std::vector<DuplicateGroup>& duplicates);

/// The number of distinct pictures of each class.
std::vector<std::size_t> count_different(const Dataset& data, const std::vector<DuplicateGroup>& duplicates);

/// Groups of duplicate or nearly duplicate crops.
std::vector<DuplicateGroup> duplicates_in(const Dataset& data, ThreadPool& threads);

/// The pictures of one fold (fold_of_data) or of all others (data_without_fold).
Dataset fold_of_data(const Dataset& data, const std::vector<int>& fold_of, int fold);
Dataset data_without_fold(const Dataset& data, const std::vector<int>& fold_of, int fold);

}  // namespace emotion::training
