#pragma once

#include <span>

#include "ml/core/api.hpp"

namespace emotion::ml {

/// The mean over the examples, weighted by `example_weights` (empty: all alike; zero leaves an example out),
/// of the softmax cross-entropy between `logits` and `targets`, both (N, classes); each row of targets is a
/// distribution over the classes, of which `label_smoothing`, a share in [0, 1), is spread evenly over all of
/// them (Szegedy et al., "Rethinking the Inception architecture", 2016). Writes the mean's gradient with
/// respect to the logits. Finite for all finite logits. Throws std::invalid_argument if the sizes do not go
/// together or no example has weight.
EMOTION_ML_API double softmax_cross_entropy(std::span<const float> logits, std::span<const float> targets,
                                            std::size_t classes, std::span<const float> example_weights,
                                            double label_smoothing, std::span<float> gradient);

}  // namespace emotion::ml
