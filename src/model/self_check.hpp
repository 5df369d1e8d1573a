#pragma once

#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "faces/preprocess.hpp"
#include "model/scorer.hpp"

namespace emotion::model {

/// The names of the synthetic crops for self-checks. Their pixels are part of the card format: patterns may
/// be added, never changed.
const std::vector<std::string>& self_check_patterns();

/// The synthetic crop of that name in the format of preprocess(): CV_8UC1 or CV_8UC3, spec.height x
/// spec.width, identical on every machine, with different content in each channel. Throws
/// std::invalid_argument for an unknown pattern.
cv::Mat self_check_crop(const std::string& pattern, const faces::CropSpec& spec);

/// A model's probabilities for the synthetic crops: the self-check of its card.
std::vector<SelfCheck> self_check_of(Scorer& scorer);

/// The largest allowed difference from a probability in the card: processors and versions of OpenCV sum in
/// different orders, while other weights or preprocessing differ by far more.
inline constexpr double kSelfCheckTolerance = 1e-3;

}  // namespace emotion::model
