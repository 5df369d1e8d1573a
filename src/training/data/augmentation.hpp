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
};

/// The rows of the options in the table of settings; valid as long as the options are.
inline config::SettingsSection settings_of(AugmentationOptions& options) {
    config::SettingsSection section{
        "augmentation", "How a network's training pictures are varied, each time one is shown.", {}};
    section.add("flip", options.flip, {0, 1}, "Probability of the mirror image.");
    section.add("shift", options.shift, {0, 0.5}, "Largest shift in each direction, as a share of the side.");
    section.add("rotation_deg", options.rotation_deg, {0, 180}, "Largest rotation either way, degrees.");
    section.add("scale", options.scale, {0, 1}, "Enlarged or reduced by a factor of up to 1 + this.");
    section.add("zoom", options.zoom, {0.5, 2}, "Factor by which every picture is enlarged first.");
    section.add("equalize", options.equalize, {0, 1},
                "Probability of a histogram equalized in part or whole.");
    section.add(
        "contrast", options.contrast, {0, 1},
        "Probability of contrast raised by a factor of 1 to 2.2, the brightest and darkest parts clipped.");
    section.add("gamma", options.gamma, {0, 1}, "Probability of another gamma, from 0.55 to 1.8.");
    section.add("shadow", options.shadow, {0, 1}, "Probability that one side is darkened to 0.3 to 0.85.");
    section.add("blur", options.blur, {0, 1}, "Probability of Gaussian blur, sigma 0.5 to 1.6 pixels.");
    section.add("coarse", options.coarse, {0, 1}, "Probability of a face seen at 40 to 90 % of its size.");
    section.add("sharpen", options.sharpen, {0, 1}, "Probability of an unsharp mask of strength 0.2 to 1.5.");
    section.add("compress", options.compress, {0, 1}, "Probability of JPEG compression, quality 20 to 80.");
    section.add("noise", options.noise, {0, 1}, "Probability of Gaussian noise of up to 10 gray levels.");
    section.add("erase", options.erase, {0, 1}, "Probability that a rectangle of 2 to 20 % is painted over.");
    return section;
}

/// One random view of a crop (CV_8UC1 or CV_8UC3; only read), of the same size and type. The same generator
/// state gives the same view.
cv::Mat augment(const cv::Mat& crop, const AugmentationOptions& options, Random& random);

}  // namespace emotion::training
