#pragma once

// Internal to the library: the widest float vector of the target processor, in the vector extensions shared
// by g++ and clang, so that one source serves every instruction set.

#include <cstddef>

namespace emotion::ml {

/// Floats per vector, and number of vector registers.
#if defined(__AVX512F__)
inline constexpr int kVectorWidth = 16, kVectorRegisters = 32;
#elif defined(__AVX__)
inline constexpr int kVectorWidth = 8, kVectorRegisters = 16;
#elif defined(__aarch64__)
inline constexpr int kVectorWidth = 4, kVectorRegisters = 32;
#else
inline constexpr int kVectorWidth = 4, kVectorRegisters = 16;
#endif

/// Supports lane-wise + - * / and comparisons; a float operand applies to all lanes.
typedef float Vector __attribute__((vector_size(kVectorWidth * sizeof(float)), may_alias));

/// Loads kVectorWidth floats from an address aligned to the vector.
inline Vector load(const float* from) {
    return *reinterpret_cast<const Vector*>(from);
}
/// Stores to an address aligned to the vector.
inline void store(float* to, const Vector& value) {
    *reinterpret_cast<Vector*>(to) = value;
}
/// With `add`, adds to the values there, as for gradients of a tensor that several layers read.
inline void store(float* to, const Vector& value, bool add) {
    store(to, add ? load(to) + value : value);
}

/// For streams from beyond the cache: hardware prefetchers stop at page boundaries.
inline void prefetch_page_ahead(const float* from) {
    __builtin_prefetch(from + 1024);
}

/// The smallest multiple of kVectorWidth not less than `channels`.
inline int padded_to_vector(int channels) {
    return (channels + kVectorWidth - 1) / kVectorWidth * kVectorWidth;
}

}  // namespace emotion::ml
