#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/parallel.hpp"
#include "faces/preprocess.hpp"
#include "training/data/class_folders.hpp"
#include "training/data/labeled_pictures.hpp"

namespace emotion::training {

/// Labeled crops in memory.
struct Dataset {
    std::vector<std::string> classes;
    faces::CropSpec crop;
    std::vector<std::uint8_t> crops;  ///< (N, crop_bytes): from preprocess()
    std::vector<int> labels;          ///< index into classes, per picture
    std::vector<float> targets;       ///< (N, classes): the distributions to learn; empty: the labels
    std::vector<float> votes;         ///< (N, classes): the share of voters for each class; empty: no votes
    std::vector<std::string> names;   ///< class/file or path in a table, per picture
    std::vector<std::string> unreadable;  ///< a message for each picture that was skipped

    std::size_t size() const { return labels.size(); }
    std::size_t crop_bytes() const { return crop.values(); }
    /// A picture's crop as a read-only view.
    cv::Mat crop_at(std::size_t index) const;
    /// The votes on a picture; empty if there are none.
    std::vector<float> votes_of(std::size_t index) const;
    /// The distribution to learn for each picture, (N, classes): targets, or one-hot labels.
    std::vector<float> distributions() const;
    /// The number of pictures of each class.
    std::vector<std::int64_t> counts() const;
    /// The counts of non-empty classes as text: "4000 happy, 2000 fear".
    std::string counts_text() const;
    /// A hash of crops, labels and targets, but not of names.
    std::string sha256() const;
};

/// Reads pictures, each as one crop, in order regardless of the number of threads. Throws Error for a class
/// without any readable picture, even as part of a target.
Dataset load_dataset(const std::vector<LabeledPicture>& pictures, const std::vector<std::string>& classes,
                     const faces::CropSpec& crop, ThreadPool& threads);

/// Reads the pictures of `classes`, each as one crop, ordered by class and file name regardless of the number
/// of threads. Throws Error for a class without a folder or a readable picture.
Dataset load_dataset(const std::vector<ClassFolder>& folders, const std::vector<std::string>& classes,
                     const faces::CropSpec& crop, ThreadPool& threads);

}  // namespace emotion::training
