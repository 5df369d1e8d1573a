#pragma once

#include <cstdint>
#include <vector>

#include "training/data/dataset.hpp"
#include "training/data/duplicates.hpp"

namespace emotion::training {

/// The fold, in [0, folds), of each picture: every class is shuffled by the seed and dealt out evenly, the
/// pictures of a group of duplicates into one fold. Throws Error for a class with pictures, but with fewer
/// that are not duplicates than folds.
std::vector<int> deal_into_folds(const Dataset& data, int folds, std::uint64_t seed,
                                 const std::vector<DuplicateGroup>& duplicates);

/// How many of each class's pictures differ.
std::vector<std::size_t> count_different(const Dataset& data, const std::vector<DuplicateGroup>& duplicates);

/// Which of the crops are one and the same picture, or all but.
std::vector<DuplicateGroup> duplicates_in(const Dataset& data, ThreadPool& threads);

/// The pictures of one fold, or those of all the others.
Dataset fold_of_data(const Dataset& data, const std::vector<int>& fold_of, int fold);
Dataset data_without_fold(const Dataset& data, const std::vector<int>& fold_of, int fold);

}  // namespace emotion::training
