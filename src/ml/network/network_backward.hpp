#pragma once

// Internal to the library.

#include "ml/network/network_forward.hpp"
#include "ml/network/weight_gradients.hpp"

namespace emotion::ml {

/// From the gradient of a step's output to those of its inputs and its weights, for one image, on one thread.
/// Of a batch normalisation it only gathers the sums.
void run_step_back(const Step& step, const ForwardPass& pass, Norms& norms, WeightGradients& weights,
                   int image, int thread);

}  // namespace emotion::ml
