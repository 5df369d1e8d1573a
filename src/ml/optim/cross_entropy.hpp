#pragma once

#include <cstddef>
#include <span>

#include "ml/core/api.hpp"

namespace emotion::ml {

/// A second loss, added to the first: the cross-entropy of one label per example relative to `classes` alone,
/// that is, of their probabilities divided by their sum. It teaches which of them is likelier, also where
/// none is likely.
struct LabelAmongClasses {
    std::span<const std::size_t> classes = {};
    std::span<const int> labels = {};  ///< (N); those that are not one of `classes` have no effect
    double weight = 0.0;               ///< 0: no second loss

    /// Throws std::invalid_argument if there is not a label for each example or a class is out of range.
    void check(std::size_t examples, std::size_t all_classes) const;
    /// The loss of an example with these logits, times `weight`, whose gradient is added to `gradient`.
    double add(std::size_t example, std::span<const double> logits, std::span<double> gradient) const;
};

struct CrossEntropyOptions {
    std::span<const float> example_weights = {};  ///< empty: equal; zero skips an example
    /// In [0, 1): the fraction of each target that is spread evenly over all classes (Szegedy et al.,
    /// "Rethinking the Inception architecture", 2016).
    double label_smoothing = 0.0;
    LabelAmongClasses among = {};
};

/// The weighted mean softmax cross-entropy between `logits` and `targets`, both (N, classes); each row of
/// targets is a distribution over the classes. Writes the gradient of the mean with respect to the logits.
/// Finite for all finite logits. Throws std::invalid_argument if sizes do not match, a class is out of range
/// or no example has weight.
EMOTION_ML_API double softmax_cross_entropy(std::span<const float> logits, std::span<const float> targets,
                                            std::size_t classes, const CrossEntropyOptions& options,
                                            std::span<float> gradient);

}  // namespace emotion::ml
