#pragma once

#include <cstddef>
#include <span>

#include "ml/core/api.hpp"

namespace emotion::ml {

struct CrossEntropyOptions {
    std::span<const float> example_weights = {};  ///< empty: equal; zero skips an example
    /// In [0, 1): the fraction of each target that is spread evenly over all classes (Szegedy et al.,
    /// "Rethinking the Inception architecture", 2016).
    double label_smoothing = 0.0;
};

/// The weighted mean softmax cross-entropy between `logits` and `targets`, both (N, classes); each row of
/// targets is a distribution over the classes. Writes the gradient of the mean with respect to the logits.
/// Finite for all finite logits. Throws std::invalid_argument if sizes do not match or no example has weight.
EMOTION_ML_API double softmax_cross_entropy(std::span<const float> logits, std::span<const float> targets,
                                            std::size_t classes, const CrossEntropyOptions& options,
                                            std::span<float> gradient);

}  // namespace emotion::ml
