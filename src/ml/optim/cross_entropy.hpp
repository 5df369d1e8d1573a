#pragma once

#include <span>

#include "ml/core/api.hpp"

namespace emotion::ml {

/// The mean softmax cross-entropy between `logits` and `targets`, both (N, classes), weighted by
/// `example_weights` (empty: equal; zero skips an example). Each row of targets is a distribution over the
/// classes, of which the fraction `label_smoothing` in [0, 1) is spread evenly over all classes (Szegedy et
/// al., "Rethinking the Inception architecture", 2016). Writes the gradient of the mean with respect to the
/// logits. Finite for all finite logits. Throws std::invalid_argument if sizes do not match or no example has
/// weight.
EMOTION_ML_API double softmax_cross_entropy(std::span<const float> logits, std::span<const float> targets,
                                            std::size_t classes, std::span<const float> example_weights,
                                            double label_smoothing, std::span<float> gradient);

}  // namespace emotion::ml
