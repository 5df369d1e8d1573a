#pragma once

// Internal to the library: the widest vector of floats that this build's processor has, in the notation that
// g++ and clang share, so that one source serves every instruction set.

#include <cstddef>

namespace emotion::ml {

/// How many floats a vector holds, and how many vectors the processor's registers.
#if defined(__AVX512F__)
inline constexpr int kVectorWidth = 16, kVectorRegisters = 32;
#elif defined(__AVX__)
inline constexpr int kVectorWidth = 8, kVectorRegisters = 16;
#elif defined(__aarch64__)
inline constexpr int kVectorWidth = 4, kVectorRegisters = 32;
#else
inline constexpr int kVectorWidth = 4, kVectorRegisters = 16;
#endif

/// Supports + - * / and comparisons lane by lane; a float beside it stands for all lanes.
typedef float Vector __attribute__((vector_size(kVectorWidth * sizeof(float)), may_alias));

/// Of kVectorWidth floats from an address that is aligned to the vector.
inline Vector load(const float* from) {
    return *reinterpret_cast<const Vector*>(from);
}
/// To an address that is aligned to the vector.
inline void store(float* to, const Vector& value) {
    *reinterpret_cast<Vector*>(to) = value;
}
/// The same; `add` adds to what is there, as in gradients of a tensor that several layers read.
inline void store(float* to, const Vector& value, bool add) {
    store(to, add ? load(to) + value : value);
}

/// For streams from beyond the cache: processors foresee what comes next, but not past the end of a page.
inline void prefetch_page_ahead(const float* from) {
    __builtin_prefetch(from + 1024);
}

/// The least multiple of kVectorWidth that is no smaller than `channels`.
inline int padded_to_vector(int channels) {
    return (channels + kVectorWidth - 1) / kVectorWidth * kVectorWidth;
}

}  // namespace emotion::ml
