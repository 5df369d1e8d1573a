#pragma once

#include "ml/network/network.hpp"
#include "training/fit/training_run.hpp"

namespace emotion::training {

/// A convolutional network by recipe.network, its best epoch chosen and its answers held out by `validation`;
/// if that is empty, by a tenth of `data`, dealt out by the seed and not learned from, nor copies of it.
FittedModel fit_network(const Recipe& recipe, const Dataset& data, const Dataset& validation,
                        const TrainingContext& context);

/// The same from given weights instead of the seed's, by the recipe's plan.
FittedModel fit_network_from(const ml::Network& start, const Recipe& recipe, const Dataset& data,
                             const Dataset& validation, const TrainingContext& context);

/// A network's outputs, (N, outputs), as a scorer sees them: with `mirror` the mean of the picture's and its
/// mirror image's.
std::vector<float> network_answers(const ml::Network& network, const Dataset& data, bool mirror,
                                   ThreadPool& threads);

/// How often each picture counts by the recipe; empty: all alike.
std::vector<float> picture_weights(const Recipe& recipe, const Dataset& data);

}  // namespace emotion::training
