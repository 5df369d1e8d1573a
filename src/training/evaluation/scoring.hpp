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

/// A model's prediction for a picture.
struct ScoredPicture {
    enum class Outcome { kScored, kUnreadable, kNoFace };
    std::string name;  ///< folder/file
    Outcome outcome = Outcome::kScored;
    std::vector<float> probabilities{};  ///< in the card's order; empty unless scored
    /// Share of voters for each class of the card; empty: unknown.
    std::vector<float> votes{};
};

struct ScoredFolder {
    std::string name;
    std::vector<ScoredPicture> pictures;
};

/// Called on the calling thread at the start, at intervals and at the end.
using ScoringProgress = std::function<void(std::size_t done, std::size_t pictures)>;

/// Calls work(picture, thread) for each picture in [0, pictures), distributed over the threads.
void for_each_picture(std::size_t pictures, ThreadPool& threads, const ScoringProgress& progress,
                      const std::function<void(std::size_t picture, std::size_t thread)>& work);

/// Scores every picture of every folder as the detector would: with `detection`, the largest face detected,
/// with the card's margin; otherwise the whole picture. The result does not depend on the number of threads.
/// Throws Error if the card or the cascade cannot be loaded, and if no picture was scored, with the reason
/// for one of them.
std::vector<ScoredFolder> score_folders(const std::filesystem::path& card,
                                        const std::vector<ClassFolder>& folders,
                                        const std::optional<faces::HaarOptions>& detection,
                                        ThreadPool& threads, const ScoringProgress& progress);

/// Scores crops in memory, which fit `scorer`'s card: one folder per class of the data.
std::vector<ScoredFolder> score_dataset(model::Scorer& scorer, const Dataset& data);

}  // namespace emotion::training
