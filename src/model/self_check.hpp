#pragma once

#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "faces/preprocess.hpp"
#include "model/scorer.hpp"

namespace emotion::model {

/// The names of the made-up crops that a self-check can ask for. What they look like is part of the card's
/// format: a pattern may be added, never changed.
const std::vector<std::string>& self_check_patterns();

/// The made-up crop of that name as preprocess() would give it: CV_8UC1 or CV_8UC3, spec.height x spec.width,
/// the same bytes on every machine, another picture in each channel. Throws std::invalid_argument for an
/// unknown pattern.
cv::Mat self_check_crop(const std::string& pattern, const faces::CropSpec& spec);

/// What a model answers to the made-up crops: the self-check of its card.
std::vector<SelfCheck> self_check_of(Scorer& scorer);

/// How far a probability may be from the one in the card: processors and versions of OpenCV add in different
/// orders, other weights or another preprocessing answer far further off.
inline constexpr double kSelfCheckTolerance = 1e-3;

}  // namespace emotion::model
