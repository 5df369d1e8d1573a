#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ml/core/api.hpp"

namespace emotion::ml {

/// Logits become logits / temperature + bias, of which softmax makes honest probabilities.
struct Calibration {
    double temperature = 1.0;  ///< in [0.05, 20]
    std::vector<double> bias;  ///< for each class, the first's 0
};

/// The calibration under which `labels` are likeliest: temperature scaling (Guo et al., "On calibration of
/// modern neural networks", ICML 2017), with a bias for each class, for two classes Platt's scaling
/// ("Probabilistic outputs for support vector machines", 1999). `logits` is (N, outputs) row by row,
/// of pictures that the model was not trained on; one output is the logit of class 1 against class 0's 0.
/// Throws std::invalid_argument for lengths that do not fit or a label that is no class.
EMOTION_ML_API Calibration fit_calibration(std::span<const float> logits, int outputs,
                                           std::span<const int> labels);

/// The same by what several people said: `targets` is (N, max(outputs, 2)), each row a distribution over the
/// classes.
EMOTION_ML_API Calibration fit_calibration(std::span<const float> logits, int outputs,
                                           std::span<const float> targets);

/// The lowest confidence from which on at least the share `precision` of answers is right; nullopt if there
/// is none. `right` holds 0 or 1 for each confidence.
EMOTION_ML_API std::optional<double> threshold_for_precision(std::span<const double> confidence,
                                                             std::span<const std::uint8_t> right,
                                                             double precision);

}  // namespace emotion::ml
