#pragma once

#include <span>

#include "ml/api.hpp"

namespace emotion::ml {

struct CrossEntropyOptions {
    /// The share of each target that is spread evenly over all classes, in [0, 1) (Szegedy et al.,
    /// "Rethinking the Inception architecture", 2016).
    double label_smoothing = 0.0;
    /// > 0: logits are divided by it before the softmax, and the loss multiplied by its square, as for
    /// learning from a teacher's equally softened probabilities (Hinton, Vinyals and Dean, "Distilling the
    /// knowledge in a neural network", 2015).
    double temperature = 1.0;
};

/// The mean over the examples, weighted by `example_weights` (empty: all alike; zero leaves an example out),
/// of the softmax cross-entropy between `logits` and `targets`, both (N, classes); each row of targets is a
/// distribution over the classes. Writes the mean's gradient with respect to the logits. Finite whatever the
/// logits. Throws std::invalid_argument if the sizes do not go together or no example has weight.
EMOTION_ML_API double softmax_cross_entropy(std::span<const float> logits, std::span<const float> targets,
                                            std::size_t classes, std::span<const float> example_weights,
                                            const CrossEntropyOptions& options, std::span<float> gradient);

}  // namespace emotion::ml
