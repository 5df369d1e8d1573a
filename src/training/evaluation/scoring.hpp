#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/parallel.hpp"
#include "faces/face_detector.hpp"
#include "model/scorer.hpp"
#include "training/data/class_folders.hpp"
#include "training/data/dataset.hpp"

namespace emotion::training {

/// What a model answers to one picture.
struct ScoredPicture {
    enum class Outcome { kScored, kUnreadable, kNoFace };
    std::string name;  ///< folder/file
    Outcome outcome = Outcome::kScored;
    std::vector<float> probabilities{};  ///< in the card's order; empty unless scored
    /// What people said: the share of those asked, for each class of the card; empty: not known.
    std::vector<float> votes{};
};

struct ScoredFolder {
    std::string name;
    std::vector<ScoredPicture> pictures;
};

/// Told at the start, now and then and at the end how many pictures are done, on the calling thread.
using ScoringProgress = std::function<void(std::size_t done, std::size_t pictures)>;

/// work(picture, thread) for each of so many pictures, shared out among the threads.
void for_each_picture(std::size_t pictures, ThreadPool& threads, const ScoringProgress& progress,
                      const std::function<void(std::size_t picture, std::size_t thread)>& work);

/// Scores every picture of every folder as the detector would: with `detection` the largest face that the
/// cascade finds, with the card's margin round it; without, the picture whole. The same answers whatever the
/// number of threads. Throws Error if the card or the cascade cannot be loaded, and if no picture at all was
/// scored, with the reason of one.
std::vector<ScoredFolder> score_folders(const std::filesystem::path& card,
                                        const std::vector<ClassFolder>& folders,
                                        const std::optional<faces::HaarOptions>& detection,
                                        ThreadPool& threads, const ScoringProgress& progress);

/// The same for crops in memory, cut by `scorer`'s card: one folder for each class of the data.
std::vector<ScoredFolder> score_dataset(model::Scorer& scorer, const Dataset& data);

}  // namespace emotion::training
