#pragma once

#include "ml/network/network.hpp"
#include "training/fit/training_run.hpp"

namespace emotion::training {

/// Trains a convolutional network by recipe.network. Its best epoch and held-out predictions come from
/// `validation` or, if that is empty, from a tenth of `data` drawn by the seed, neither learned from nor with
/// duplicates elsewhere.
FittedModel fit_network(const Recipe& recipe, const Dataset& data, const Dataset& validation,
                        const TrainingContext& context);

/// The same from given weights instead of random ones.
FittedModel fit_network_from(const ml::Network& start, const Recipe& recipe, const Dataset& data,
                             const Dataset& validation, const TrainingContext& context);

/// A network's outputs, (N, outputs), as in the scorer: with `mirror`, the mean over the picture and its
/// mirror image.
std::vector<float> network_outputs(const ml::Network& network, const Dataset& data, bool mirror,
                                   ThreadPool& threads);

/// The weight of each picture by the recipe; empty: all equal.
std::vector<float> picture_weights(const Recipe& recipe, const Dataset& data);

}  // namespace emotion::training
