#pragma once

#include <opencv2/core/mat.hpp>

namespace emotion::faces {

/// The range of nearly all pixel values of a picture, in gray levels.
struct BrightnessRange {
    int darkest = 0, brightest = 255;

    int span() const { return brightest - darkest; }
};

/// Share of the darkest, and of the brightest, pixels ignored when judging a frame's contrast.
inline constexpr double kOutlierShare = 0.01;

/// Ignores these shares, in [0, 1], of the darkest and brightest pixels of a CV_8UC1 picture; large pictures
/// are sampled.
BrightnessRange brightness_range(const cv::Mat& gray, double darkest_share, double brightest_share);

/// Maps `range` of `gray` to black through white. The cascade skips windows whose standard deviation is below
/// 10 levels, such as faces in the dark.
cv::Mat stretched(const cv::Mat& gray, const BrightnessRange& range);

/// A frame, stretched if its range is less than `full_contrast` levels, and smoothed against noise if it is
/// much less.
cv::Mat in_full_contrast(const cv::Mat& gray, int full_contrast);

/// A part of a picture, stretched if it is so flat that the cascade might skip a face that fills it.
cv::Mat stretched_if_flat(const cv::Mat& gray);

}  // namespace emotion::faces
