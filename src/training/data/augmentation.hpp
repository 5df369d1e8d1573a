#pragma once

#include <opencv2/core/mat.hpp>

#include "base/random.hpp"

namespace emotion::training {

/// How a training crop is changed each time it is seen: geometry first, as loose and as shaky as a detector's
/// boxes are, then light, then what blurs and hides. Ranges are drawn from evenly unless said otherwise.
struct AugmentationOptions {
    double flip = 0.5;           ///< [0, 1]: probability of the mirror image
    double shift = 0.05;         ///< [0, 0.5]: in each direction, as a share of the side
    double rotation_deg = 15.0;  ///< [0, 180]: either way
    double scale = 0.15;         ///< [0, 1]: by a factor of exp(+-ln(1 + scale))
    double zoom = 1.0;           ///< [0.5, 2]: that every crop is enlarged by before
    double equalize = 0.0;       ///< [0, 1]: probability of a histogram equalised in part, none to all
    double contrast = 0.0;  ///< [0, 1]: probability of contrast by a factor of 1 to 2.2, the brightest and
                            ///< darkest parts cut off, as cameras do that stretch it
    double gamma = 0.15;    ///< [0, 1]: probability of another gamma, in exp(+-0.6)
    double shadow = 0.09;   ///< [0, 1]: probability that one side is darkened to 0.3 to 0.85
    double blur = 0.06;     ///< [0, 1]: probability of Gaussian blur with sigma 0.5 to 1.6 pixels
    double coarse = 0.0;    ///< [0, 1]: probability of a face seen at 40 to 90 % of the size
    double sharpen = 0.0;   ///< [0, 1]: probability of an unsharp mask of strength 0.2 to 1.5
    double compress = 0.0;  ///< [0, 1]: probability of JPEG's marks, of quality 20 to 80
    double noise = 0.09;    ///< [0, 1]: probability of Gaussian noise of up to 10 grey levels
    double erase = 0.0;     ///< [0, 1]: probability that a rectangle of 2 to 20 % is painted over (Zhong
                            ///< et al., "Random erasing data augmentation", AAAI 2020)

    /// Throws ConfigError that names the option, its value and the limit.
    void validate() const;
};

/// One random view of a crop (CV_8UC1 or CV_8UC3; only read), of the same size and type. The same generator
/// state gives the same view.
cv::Mat augment(const cv::Mat& crop, const AugmentationOptions& options, Random& random);

}  // namespace emotion::training
