#pragma once

#include <opencv2/core/mat.hpp>
#include <span>
#include <string>

namespace emotion {

enum class CropColor { kGray, kBgr, kRgb };
/// How pixels 0..255 become the network's floats.
enum class Normalisation {
    kAffine,      ///< (value - mean) * scale, the same for every picture (value/255: mean 0, scale 1/255)
    kPerPicture,  ///< (value - the crop's mean) / max(the crop's standard deviation, 1/sqrt of its pixel count)
};

/// What a model wants to see of a face: part of the model card, and of nothing else.
struct CropSpec {
    int width = 50, height = 50;
    CropColor color = CropColor::kGray;
    /// Added on each side of a detected box, as a share of its side; negative crops inside. Pictures that are
    /// crops already (the training data) have no margin added.
    double margin = 0.0;
    Normalisation normalisation = Normalisation::kAffine;
    double mean = 0.0;
    double scale = 1.0 / 255.0;

    bool operator==(const CropSpec&) const = default;
};

/// The part of the frame a model wants to see for a face found at `box`: the box with the spec's margin.
cv::Rect2f crop_region(const cv::Rect2f& box, const CropSpec& spec);

/// Cuts `region` out of a frame (CV_8UC3 BGR or CV_8UC1; only read), greys it if the spec says so and resizes it
/// (INTER_AREA where it shrinks, INTER_LINEAR where it grows): CV_8UC1 or CV_8UC3, spec.height x spec.width.
/// The region is rounded to whole pixels; where it overhangs the frame, the edge is repeated. Training and
/// watching both come through here. Throws std::invalid_argument for an empty frame or region.
cv::Mat preprocess(const cv::Mat& frame, const cv::Rect2f& region, const CropSpec& spec);

/// Writes the crop as floats in (channels, height, width) order into `input`, whose size must be
/// channels * height * width (std::invalid_argument otherwise).
void normalise(const cv::Mat& crop, const CropSpec& spec, std::span<float> input);

/// Any 8- or 16-bit or float picture with 1, 3 or 4 channels as CV_8UC3 BGR; alpha is laid over mid-grey.
cv::Mat to_bgr(const cv::Mat& picture);
/// to CV_8UC1, shared if it is that already.
cv::Mat to_gray(const cv::Mat& frame);

/// Reads a picture file as CV_8UC3 BGR with its EXIF orientation applied; 16-bit pictures are scaled to 8.
/// Throws Error that names the file and what was expected.
cv::Mat read_picture(const std::string& path);

}  // namespace emotion
