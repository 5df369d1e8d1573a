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
#include "training/data/labeled_pictures.hpp"
#include "training/evaluation/scoring.hpp"

namespace emotion::training {

struct DataCheckOptions {
    std::filesystem::path model;              ///< the card used to check the labels; empty: none
    std::optional<faces::HaarOptions> faces;  ///< how to search for a face in each picture; nullopt: do not
};

struct CheckedPicture {
    std::string name;  ///< relative to the data folder, train/happy/1.png, or as written in the table
    std::filesystem::path file;
    std::size_t split = 0, label = 0;  ///< indices into DataCheck::splits and classes
    std::string problem;               ///< why it cannot be read; empty if it can
    int width = 0, height = 0;
    bool blank = false;  ///< almost uniform
    bool no_face = false;
    std::vector<float> probabilities;  ///< of the model's classes; empty unless requested
};

/// A label that the model doubts, by confident learning: another class is at least as likely as it is on
/// average for pictures labeled with it (Northcutt, Jiang and Chuang, "Confident learning: estimating
/// uncertainty in dataset labels", JAIR 2021) or, for a class without pictures, as labels are on average.
struct DoubtfulLabel {
    std::size_t picture = 0;
    float probability = 0;  ///< of its label
    std::string suggested;
    float suggested_probability = 0;
};

enum class DuplicateKind { kWithinClass, kAcrossClasses, kAcrossSplits };

/// The contents of a data folder or table and its problems.
struct DataCheck {
    std::filesystem::path table{};  ///< the table that lists the pictures; empty: a folder
    std::vector<std::string>
        splits;  ///< train, validation, ...; a single empty name if the data is not split
    std::vector<std::string> classes;
    std::vector<std::string> misnamed;     ///< folders whose names mean a split but are spelled differently
    std::vector<CheckedPicture> pictures;  ///< by split, class and file name, or in the table's order
    std::vector<std::string> subfolders;   ///< pictures in subfolders of a class folder, one line per split
    std::string common_size;               ///< "48x48" if nearly all have it, otherwise empty
    std::vector<DuplicateGroup> duplicates;
    bool faces_looked_for = false;
    std::string model;                    ///< the card's name; empty: labels were not checked
    std::vector<DoubtfulLabel> doubtful;  ///< most doubtful first
    std::vector<std::string> not_judged;  ///< classes that the model does not know

    std::size_t count(std::size_t split, std::size_t label) const;
    /// Whether the size differs from that of nearly all others or, where there is no such size, is too small
    /// or elongated.
    bool unusual_size(const CheckedPicture& picture) const;
    /// Across splits takes precedence over across classes, and that over within a class.
    DuplicateKind kind(const DuplicateGroup& group) const;
    /// Problems of the collection as a whole, one line each.
    std::vector<std::string> warnings() const;
    /// Names of pictures to exclude from both training and evaluation: unreadable and blank ones, all
    /// duplicates with different labels, and all but one of other duplicates. A copy outside train/ is kept
    /// in preference.
    std::vector<std::string> exclude() const;
};

/// Checks every picture. `data` contains class folders, or splits (train/, validation/, test/) that contain
/// them. The result does not depend on the number of threads. Throws Error if there are no class folders, or
/// the model or cascade cannot be loaded.
DataCheck check_data(const std::filesystem::path& data, const Exclusions& exclusions,
                     const DataCheckOptions& options, ThreadPool& threads, const ScoringProgress& progress);

/// The same for the pictures that collect_pictures() finds in `table` with these classes. Throws Error if the
/// model or cascade cannot be loaded.
DataCheck check_data(const std::filesystem::path& table, const std::vector<LabeledPicture>& pictures,
                     const std::vector<std::string>& classes, const DataCheckOptions& options,
                     ThreadPool& threads, const ScoringProgress& progress);

}  // namespace emotion::training
