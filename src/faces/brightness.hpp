#pragma once

#include <opencv2/core/mat.hpp>

namespace emotion::faces {

/// The brightness between which nearly all pixels of a picture lie, in gray levels.
struct BrightnessRange {
    int darkest = 0, brightest = 255;

    int span() const { return brightest - darkest; }
};

/// Leaves out these shares, in [0, 1], of the darkest and of the brightest pixels of a CV_8UC1 picture; large
/// pictures are sampled.
BrightnessRange brightness_range(const cv::Mat& gray, double darkest_share, double brightest_share);

/// A picture whose brightness runs from black to white where that of `gray` keeps within `range`. The cascade
/// passes over all whose standard deviation is below 10 levels, as faces in the dark are.
cv::Mat stretched(const cv::Mat& gray, const BrightnessRange& range);

/// A frame, stretched if its brightness spans less than `full_contrast` levels; smoothed, against the noise,
/// if that is very much less.
cv::Mat in_full_contrast(const cv::Mat& gray, int full_contrast);

/// A part of a picture, stretched if it is so flat that the cascade might pass over a face that fills it.
cv::Mat stretched_if_flat(const cv::Mat& gray);

}  // namespace emotion::faces
