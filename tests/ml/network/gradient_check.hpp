#pragma once

#include <cstdint>
#include <vector>

#include "ml/network/network.hpp"

namespace emotion::ml {

std::vector<float> normal_numbers(std::size_t count, std::uint64_t seed);

/// With perturbed parameters, so that no scale is one and no shift is zero.
Network perturbed(const Graph& graph, std::uint64_t seed);

/// Checks the gradients of all parameters, and thereby those of all inputs after the first layer, against
/// central differences on a batch of random images.
void check_gradients(Network network);

}  // namespace emotion::ml
