#pragma once

#include <cstdint>
#include <vector>

#include "ml/network/network.hpp"

namespace emotion::ml {

std::vector<float> normal_numbers(std::size_t count, std::uint64_t seed);

/// Away from where weights start, so that no scale is one and no shift is zero.
Network disturbed(const Graph& graph, std::uint64_t seed);

/// Checks the gradient of every layer's parameters, and with it those of the layers' inputs after them,
/// against central differences, on a batch of random images.
void check_gradients(Network network);

}  // namespace emotion::ml
