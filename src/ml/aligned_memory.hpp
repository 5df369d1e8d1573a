#pragma once

// Internal to the library.

#include <cstddef>
#include <cstdlib>
#include <memory>

namespace emotion::ml {

struct FreeMemory {
    void operator()(void* memory) const { std::free(memory); }
};
template <typename T>
using AlignedArray = std::unique_ptr<T[], FreeMemory>;

/// Zeros, aligned for every instruction set and, where there are many, for large pages. Throws
/// std::bad_alloc.
void* allocate_aligned(std::size_t bytes);

}  // namespace emotion::ml
