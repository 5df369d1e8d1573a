#pragma once

#include <string_view>

#include "ml/core/api.hpp"

namespace emotion::ml {

/// The vector instructions of the loaded build of this library: "AVX-512", "AVX2", "SSE2", "NEON", ...
EMOTION_ML_API std::string_view instruction_set();

}  // namespace emotion::ml
