#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/parallel.hpp"
#include "faces/preprocess.hpp"
#include "training/data/class_folders.hpp"
#include "training/data/labelled_pictures.hpp"

namespace emotion::training {

/// Labelled crops in memory.
struct Dataset {
    std::vector<std::string> classes;
    faces::CropSpec crop;
    std::vector<std::uint8_t> crops;  ///< (N, crop_bytes): each as preprocess() gives it
    std::vector<int> labels;          ///< index into classes, for each picture
    std::vector<float> targets;       ///< (N, classes): what is learned of each; empty: the labels
    std::vector<float> votes;  ///< (N, classes): the share of people asked who said it; empty: of no picture
    std::vector<std::string> names;       ///< class/file or path in a table, for each picture
    std::vector<std::string> unreadable;  ///< what is wrong with each picture that was left out

    std::size_t size() const { return labels.size(); }
    std::size_t crop_bytes() const { return crop.values(); }
    /// A picture's crop, which shares its pixels and is only to be read.
    cv::Mat crop_at(std::size_t index) const;
    /// What people said of a picture; empty if that is not known.
    std::vector<float> votes_of(std::size_t index) const;
    /// What is learned of each picture, (N, classes): targets, or the labels as distributions.
    std::vector<float> distributions() const;
    /// How many pictures each class has.
    std::vector<std::int64_t> counts() const;
    /// The same to be read, of the classes that have any: "4000 happy, 2000 fear".
    std::string counts_text() const;
    /// What identifies the pictures: of crops, labels and targets, not of names.
    std::string sha256() const;
};

/// Reads pictures, each taken whole as a crop, in their order whatever the number of threads. Throws Error
/// for a class that no picture which can be read is a case of, not even in part.
Dataset load_dataset(const std::vector<LabelledPicture>& pictures, const std::vector<std::string>& classes,
                     const faces::CropSpec& crop, ThreadPool& threads);

/// Reads the pictures of `classes`, each taken whole as a crop, in the order of classes and file names
/// whatever the number of threads. Throws Error for a class without a folder or without a picture that can be
/// read.
Dataset load_dataset(const std::vector<ClassFolder>& folders, const std::vector<std::string>& classes,
                     const faces::CropSpec& crop, ThreadPool& threads);

}  // namespace emotion::training
