#pragma once

#include <cstdint>
#include <span>

#include "ml/core/api.hpp"

namespace emotion::ml {

/// The bits of the 16-bit float (IEEE 754 binary16) nearest to a number; infinity beyond 65504.
EMOTION_ML_API std::uint16_t half_bits(float number);
EMOTION_ML_API float from_half_bits(std::uint16_t bits);

/// Whether a 16-bit float holds each of the numbers exactly.
EMOTION_ML_API bool are_halves(std::span<const float> numbers);

}  // namespace emotion::ml
