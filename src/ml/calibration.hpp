#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "ml/api.hpp"

namespace emotion::ml {

/// The temperature by which logits are divided so that the probabilities made from them are the likeliest for
/// `labels` (Guo et al., "On calibration of modern neural networks", ICML 2017), in [0.05, 20]. `logits` is
/// (N, outputs) row by row, of pictures that the model was not trained on; one output is the logit of class 1
/// against class 0. Throws std::invalid_argument for lengths that do not fit or a label that is no class.
EMOTION_ML_API double fit_temperature(std::span<const float> logits, int outputs,
                                      std::span<const int> labels);

/// The lowest confidence from which on at least the share `precision` of answers is right; nullopt if there
/// is none. `right` holds 0 or 1 for each confidence.
EMOTION_ML_API std::optional<double> threshold_for_precision(std::span<const double> confidence,
                                                             std::span<const std::uint8_t> right,
                                                             double precision);

}  // namespace emotion::ml
