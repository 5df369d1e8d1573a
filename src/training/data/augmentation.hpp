#pragma once

#include <opencv2/core/mat.hpp>

#include "base/random.hpp"
#include "config/settings.hpp"

namespace emotion::training {

/// How a training crop is changed each time it is seen: geometry first, as loose and as shaky as a detector's
/// boxes are, then light, then what blurs and hides. settings_of() says what each means.
struct AugmentationOptions {
    double flip = 0.5, shift = 0.05, rotation_deg = 15.0, scale = 0.15, zoom = 1.0;
    double equalize = 0.0, contrast = 0.0, gamma = 0.15, shadow = 0.09;
    double blur = 0.06, coarse = 0.0, sharpen = 0.0, compress = 0.0, noise = 0.09;
    double erase = 0.0;  ///< Zhong et al., "Random erasing data augmentation", AAAI 2020

    /// Throws ConfigError naming the option, its value and the limit.
    void validate() const;
};

config::SettingsSection settings_of(AugmentationOptions& options);

/// One random view of a crop (CV_8UC1 or CV_8UC3; only read), of the same size and type. The same generator
/// state gives the same view.
cv::Mat augment(const cv::Mat& crop, const AugmentationOptions& options, Random& random);

}  // namespace emotion::training
