#pragma once

#include <string_view>

#include "ml/core/api.hpp"

namespace emotion::ml {

/// The vector instructions that the loaded build of this library uses: "AVX-512", "AVX2", "SSE2", "NEON", ...
EMOTION_ML_API std::string_view instruction_set();

}  // namespace emotion::ml
