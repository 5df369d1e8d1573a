#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ml/core/api.hpp"
#include "ml/optim/cross_entropy.hpp"

namespace emotion::ml {

/// Maps logits to logits / temperature + bias, whose softmax gives calibrated probabilities.
struct Calibration {
    double temperature = 1.0;  ///< in [0.05, 20]
    std::vector<double> bias;  ///< for each class; 0 for the first
};

/// The calibration that maximizes the likelihood of `labels`: temperature scaling (Guo et al., "On
/// calibration of modern neural networks", ICML 2017) with a bias for each class; for two classes this is
/// Platt scaling ("Probabilistic outputs for support vector machines", 1999). `logits` is (N, outputs), row
/// by row, of pictures the model was not trained on; a single output is the logit of class 1 against 0 for
/// class 0. Throws std::invalid_argument for mismatched lengths or an invalid label.
EMOTION_ML_API Calibration fit_calibration(std::span<const float> logits, int outputs,
                                           std::span<const int> labels);

/// The same from votes: `targets` is (N, max(outputs, 2)), each row a distribution over the classes. With
/// `among`, its loss is added to the one that is minimized, as when the model was trained.
EMOTION_ML_API Calibration fit_calibration(std::span<const float> logits, int outputs,
                                           std::span<const float> targets,
                                           const LabelAmongClasses& among = {});

/// The lowest confidence from which on at least the fraction `precision` of the answers is right; nullopt if
/// there is none. `right` holds 0 or 1 for each confidence.
EMOTION_ML_API std::optional<double> threshold_for_precision(std::span<const double> confidence,
                                                             std::span<const std::uint8_t> right,
                                                             double precision);

}  // namespace emotion::ml
