#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "media/picture.hpp"

namespace emotion::faces {

enum class CropColor { kGray, kBgr, kRgb };
/// How pixels 0..255 become the network's floats.
enum class Normalization {
    kAffine,      ///< (value - mean) * scale, the same for every picture (value/255: mean 0, scale 1/255)
    kPerPicture,  ///< (value - the crop's mean) / max(the crop's standard deviation, 1/sqrt(n)) over its n
                  ///< values
};

/// What a model wants to see of a face: part of the model card, and of nothing else.
struct CropSpec {
    int width = 50, height = 50;
    /// Side, in pixels, to which larger faces are brought down before they get the crop's size, so that they
    /// show no finer detail than the pictures that were learned from; 0: they get it at once.
    int resolution = 0;
    CropColor color = CropColor::kGray;
    /// Added on each side of a detected box, as a share of its side; negative crops inside. Pictures that are
    /// crops already (the training data) have no margin added.
    double margin = 0.0;
    Normalization normalization = Normalization::kAffine;
    /// Of kAffine: one value for all channels, or one for each in the order of `color`.
    std::vector<double> mean{0.0};
    std::vector<double> scale{1.0 / 255.0};

    int channels() const { return color == CropColor::kGray ? 1 : 3; }
    /// One for each pixel and channel.
    std::size_t values() const { return static_cast<std::size_t>(width) * height * channels(); }
    bool operator==(const CropSpec&) const = default;
};

/// The part of the frame a model wants to see for a face found at `box`: the box with the spec's margin.
cv::Rect2f crop_region(const cv::Rect2f& box, const CropSpec& spec);

/// How many times the frame's longer side a region may be wide or high.
inline constexpr int kMaxOverhang = 8;

/// Cuts `region` out of a frame (CV_8UC3 BGR or CV_8UC1; only read), greys it if the spec says so and resizes
/// it (INTER_AREA where it shrinks, INTER_LINEAR where it grows), first to the spec's resolution if it is
/// larger: CV_8UC1 or CV_8UC3, spec.height x spec.width. The region's edges are rounded to whole pixels;
/// where it overhangs the frame, the edge is repeated. Training and watching both come through here. Throws
/// std::invalid_argument for an empty frame, a region that is empty, not finite, beside the frame or more
/// than kMaxOverhang times its size.
cv::Mat preprocess(const cv::Mat& frame, const cv::Rect2f& region, const CropSpec& spec);

/// Writes the crop as floats in (channels, height, width) order into `input`, whose size must be
/// channels * height * width (std::invalid_argument otherwise, or for a number of means or scales that is
/// neither 1 nor that of the channels).
void normalize(const cv::Mat& crop, const CropSpec& spec, std::span<float> input);

}  // namespace emotion::faces
