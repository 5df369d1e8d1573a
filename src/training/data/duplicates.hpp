#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "base/parallel.hpp"

namespace emotion::training {

/// What a picture is recognised by when it comes a second time.
struct PictureSignature {
    static constexpr int kSide = 24;

    std::string pixels;  ///< SHA-256 of size and pixels: the same picture, whatever file it is in
    /// Which of 8x8 places are darker than their right neighbours (the difference hash: Krawetz, "Kind of
    /// like that", 2013): few bits change with size, light or compression.
    std::uint64_t gradients = 0;
    /// The picture small and grey, of mean 0 and length 1; all 0 for a picture of one shade.
    std::array<float, std::size_t{kSide} * kSide> small{};
};

/// Of a picture as read_picture() gives it, or of a crop (CV_8UC3 or CV_8UC1). Any number of threads may call
/// it.
PictureSignature signature_of(const cv::Mat& picture);

/// Pictures that are one and the same, by their places among those compared, in order.
struct DuplicateGroup {
    std::vector<std::size_t> pictures;
    bool exact = false;  ///< equal to the pixel; otherwise another size, compression, light or a shifted edge
};

/// From which correlation of the small pictures on two are copies. Chosen on FER-2013: of 80 pairs from here
/// to 0.96 that were looked at all were copies, of 40 from 0.90 to here two were other people.
inline constexpr float kCopiesCorrelate = 0.92f;

/// The groups of pictures of which each looks like another of its group: signatures a few bits apart whose
/// small pictures also correlate. Compares all pairs: a second for 30,000 pictures. Ordered by their first
/// pictures, whatever the number of threads.
std::vector<DuplicateGroup> find_duplicates(const std::vector<PictureSignature>& pictures,
                                            ThreadPool& threads, float least_correlation = kCopiesCorrelate);

}  // namespace emotion::training
