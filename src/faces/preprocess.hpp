#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "media/pictures/picture.hpp"

namespace emotion::faces {

enum class CropColor { kGray, kBgr, kRgb };
/// How pixels 0..255 are converted to the network's floats.
enum class Normalization {
    kAffine,      ///< (value - mean) * scale, with fixed parameters (value/255: mean 0, scale 1/255)
    kPerPicture,  ///< (value - the crop's mean) / max(the crop's standard deviation, 1/sqrt(n)) over its n
                  ///< values
};

/// The preprocessing of a face for a model, defined only in its card.
struct CropSpec {
    int width = 50, height = 50;
    /// Larger faces are first reduced to this side, in pixels, before resizing to the crop's size, so that
    /// they have no finer detail than the training pictures; 0: resized directly.
    int resolution = 0;
    CropColor color = CropColor::kGray;
    /// Added on each side of a detected box, as a share of its side; negative values crop inside. Not applied
    /// to pictures that are crops already (training data).
    double margin = 0.0;
    Normalization normalization = Normalization::kAffine;
    /// For kAffine: one value for all channels, or one per channel in the order of `color`.
    std::vector<double> mean{0.0};
    std::vector<double> scale{1.0 / 255.0};

    int channels() const { return color == CropColor::kGray ? 1 : 3; }
    /// One per pixel and channel.
    std::size_t values() const { return static_cast<std::size_t>(width) * height * channels(); }
    bool operator==(const CropSpec&) const = default;
};

/// The part of the frame to crop for a face detected at `box`: the box with the spec's margin.
cv::Rect2f crop_region(const cv::Rect2f& box, const CropSpec& spec);

/// The maximum size of a region relative to the frame's longer side.
inline constexpr int kMaxOverhang = 8;

/// Crops `region` from a frame (CV_8UC3 BGR or CV_8UC1, not modified), converts it to gray if specified and
/// resizes it (INTER_AREA to shrink, INTER_LINEAR to enlarge), first to the spec's resolution if it is
/// larger. Returns CV_8UC1 or CV_8UC3, spec.height x spec.width. Edges of the region are rounded to whole
/// pixels; beyond the frame its border is replicated. Used for both training and watching. Throws
/// std::invalid_argument for an empty frame and a region that is empty, not finite, outside the frame or more
/// than kMaxOverhang times its size.
cv::Mat preprocess(const cv::Mat& frame, const cv::Rect2f& region, const CropSpec& spec);

/// Writes the crop as floats in (channels, height, width) order to `input`, whose size must be channels *
/// height * width (std::invalid_argument otherwise, and for a number of means or scales that is neither 1 nor
/// the number of channels).
void normalize(const cv::Mat& crop, const CropSpec& spec, std::span<float> input);

}  // namespace emotion::faces
