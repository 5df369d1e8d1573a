#pragma once

#include <opencv2/core/mat.hpp>

#include "base/random.hpp"

namespace emotion::training {

/// Random changes to a training crop each time it is used: first geometry, imitating the imprecision of a
/// detector's boxes, then light, then blur and occlusion. Uniformly distributed unless stated otherwise.
struct AugmentationOptions {
    double flip = 0.5;           ///< [0, 1]: probability of mirroring
    double shift = 0.05;         ///< [0, 0.5]: in each direction, as a fraction of the side
    double rotation_deg = 15.0;  ///< [0, 180]: in both directions
    double scale = 0.15;         ///< [0, 1]: by a factor of exp(+-ln(1 + scale))
    double zoom = 1.0;           ///< [0.5, 2]: fixed enlargement, applied first
    double equalize = 0.0;       ///< [0, 1]: probability of partial histogram equalization
    double contrast = 0.0;  ///< [0, 1]: probability of contrast times 1 to 2.2, clipping the brightest and
                            ///< darkest parts, like cameras that stretch contrast
    double gamma = 0.15;    ///< [0, 1]: probability of a gamma in exp(+-0.6)
    double shadow = 0.09;   ///< [0, 1]: probability of darkening one side to 0.3 to 0.85
    double blur = 0.06;     ///< [0, 1]: probability of Gaussian blur with sigma 0.5 to 1.6 pixels
    double coarse = 0.0;    ///< [0, 1]: probability of downsampling to 40 to 90 % of the size
    double sharpen = 0.0;   ///< [0, 1]: probability of an unsharp mask of strength 0.2 to 1.5
    double compress = 0.0;  ///< [0, 1]: probability of JPEG artifacts of quality 20 to 80
    double noise = 0.09;    ///< [0, 1]: probability of Gaussian noise of up to 10 gray levels
    double erase = 0.0;     ///< [0, 1]: probability of erasing a rectangle of 2 to 20 % (Zhong
                            ///< et al., "Random erasing data augmentation", AAAI 2020)

    /// Throws ConfigError naming the option, its value and the limit.
    void validate() const;
};

/// A random view of a crop (CV_8UC1 or CV_8UC3, not modified), of the same size and type. Deterministic for a
/// given generator state.
cv::Mat augment(const cv::Mat& crop, const AugmentationOptions& options, Random& random);

}  // namespace emotion::training
