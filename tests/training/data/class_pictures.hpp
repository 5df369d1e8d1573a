#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "base/random.hpp"
#include "media/image_files.hpp"
#include "training/data/dataset.hpp"

namespace emotion::test {

using namespace emotion::training;

/// A gray noise picture that is brighter in the upper half for kind 0, in the lower half for kind 1, and
/// uniform for others; the fraction `overlap` in [0, 1] of the pictures looks like the other kind.
inline cv::Mat noisy_picture(int kind, double overlap, Random& random) {
    if (kind < 2 && random.uniform() < overlap) kind = 1 - kind;
    cv::Mat picture(16, 16, CV_8UC1);
    for (int y = 0; y < picture.rows; ++y)
        for (int x = 0; x < picture.cols; ++x) {
            const bool brighter = kind < 2 && (y < picture.rows / 2) == (kind == 0);
            picture.at<std::uint8_t>(y, x) =
                static_cast<std::uint8_t>(random.below(160) + (brighter ? 60 : 0));
        }
    return picture;
}

/// Writes `count` pictures of each class into `folder`/<class>/; the first two classes differ, the others are
/// noise.
inline void write_class_folders(const std::filesystem::path& folder, const std::vector<std::string>& classes,
                                int count, double overlap = 0.0, std::uint64_t seed = 1) {
    Random random(seed);
    for (std::size_t kind = 0; kind < classes.size(); ++kind) {
        std::filesystem::create_directories(folder / classes[kind]);
        for (int i = 0; i < count; ++i)
            write_image((folder / classes[kind] / (std::to_string(1000 + i) + ".png")).string(),
                        noisy_picture(static_cast<int>(kind), overlap, random));
    }
}

/// The same in memory, as 16x16 crops.
inline Dataset class_dataset(const std::vector<std::string>& classes, int count, double overlap = 0.0,
                             std::uint64_t seed = 1) {
    Dataset data;
    data.classes = classes;
    data.crop.width = data.crop.height = 16;
    Random random(seed);
    for (std::size_t kind = 0; kind < classes.size(); ++kind)
        for (int i = 0; i < count; ++i) {
            const auto picture = noisy_picture(static_cast<int>(kind), overlap, random);
            data.crops.insert(data.crops.end(), picture.datastart, picture.dataend);
            data.labels.push_back(static_cast<int>(kind));
            data.names.push_back(classes[kind] + "/" + std::to_string(i));
        }
    return data;
}

}  // namespace emotion::test
