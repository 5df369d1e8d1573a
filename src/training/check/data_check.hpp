#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/parallel.hpp"
#include "faces/face_detector.hpp"
#include "training/data/duplicates.hpp"
#include "training/data/exclusions.hpp"
#include "training/evaluation/scoring.hpp"

namespace emotion::training {

struct DataCheckOptions {
    std::filesystem::path model;  ///< the card whose probabilities question the labels; empty: none
    std::optional<faces::HaarOptions>
        faces;  ///< how a face is looked for in each picture; nullopt: it is not
};

struct CheckedPicture {
    std::string name;  ///< from the data folder: train/happy/1.png
    std::filesystem::path file;
    std::size_t split = 0, label = 0;  ///< places in DataCheck::splits and classes
    std::string problem;               ///< why it cannot be read; empty if it can
    int width = 0, height = 0;
    bool blank = false;  ///< next to nothing but one shade
    bool no_face = false;
    std::vector<float> probabilities;  ///< of the model's classes; empty unless asked for
};

/// A label for which the model sees another one instead, by confident learning: that other class is at least
/// as likely as it is on average for pictures that bear its name (Northcutt, Jiang and Chuang, "Confident
/// learning: estimating uncertainty in dataset labels", JAIR 2021); a class that the data lack, as likely as
/// labels are on average.
struct DoubtfulLabel {
    std::size_t picture = 0;
    float probability = 0;  ///< of the label it has
    std::string suggested;
    float suggested_probability = 0;
};

enum class DuplicateKind { kWithinClass, kAcrossClasses, kAcrossSplits };

/// What there is in a folder of pictures and what seems wrong with it.
struct DataCheck {
    std::vector<std::string> splits;  ///< train, validation, ...; one empty name for data that is not split
    std::vector<std::string> classes;
    std::vector<CheckedPicture> pictures;  ///< by split, class and file name
    std::vector<std::string>
        subfolders;          ///< which pictures lie in folders within their class's, a line a part
    std::string usual_size;  ///< "48x48" if nearly all have it, otherwise empty
    std::vector<DuplicateGroup> duplicates;
    bool faces_looked_for = false;
    std::string model;                    ///< the card's name; empty: labels were not questioned
    std::vector<DoubtfulLabel> doubtful;  ///< the most doubtful first

    std::size_t count(std::size_t split, std::size_t label) const;
    /// Another size than nearly all others have or, where there is no such size, too small or too long.
    bool unusual_size(const CheckedPicture& picture) const;
    /// Across splits before across classes before within a class.
    DuplicateKind kind(const DuplicateGroup& group) const;
    /// What is wrong with the collection as a whole, a line each.
    std::vector<std::string> warnings() const;
    /// Names of pictures to leave out of training and measuring alike: unreadable and blank ones, all copies
    /// of a picture with different labels, all but one of others. A copy outside train/ is the one that
    /// stays.
    std::vector<std::string> exclude() const;
};

/// Looks at every picture once. `data` holds class folders, or parts (train/, validation/, test/) that hold
/// them. The same result whatever the number of threads. Throws Error if there are no class folders, or the
/// model or cascade cannot be loaded.
DataCheck check_data(const std::filesystem::path& data, const Exclusions& exclusions,
                     const DataCheckOptions& options, ThreadPool& threads, const ScoringProgress& progress);

/// What to do where one class has over ten times as many pictures as another; empty: none has. Classes
/// without any do not count.
std::string lopsided_text(const std::vector<std::string>& classes, const std::vector<std::int64_t>& counts);

/// What can be said of a training's pictures once they are in memory, a sentence each: copies, copies with
/// different labels, copies in `validation` (which may be empty), blank ones.
std::vector<std::string> check_datasets(const Dataset& train, const Dataset& validation, ThreadPool& threads);

}  // namespace emotion::training
