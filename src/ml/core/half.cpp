#include "ml/core/half.hpp"

#include <algorithm>

#include <Eigen/Core>

namespace emotion::ml {

std::uint16_t half_bits(float number) {
    return Eigen::numext::bit_cast<std::uint16_t>(Eigen::half(number));
}

float from_half_bits(std::uint16_t bits) {
    return static_cast<float>(Eigen::numext::bit_cast<Eigen::half>(bits));
}

bool are_halves(std::span<const float> numbers) {
    return std::ranges::all_of(numbers,
                               [](float number) { return from_half_bits(half_bits(number)) == number; });
}

}  // namespace emotion::ml
