#include "ml/aligned_floats.hpp"

#include <algorithm>
#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace emotion::ml {

AlignedFloats::AlignedFloats(std::size_t count) : size_(count) {
    constexpr std::size_t kCacheLine = 64, kLargePage = std::size_t{1} << 21;
    const std::size_t alignment = count * sizeof(float) < kLargePage ? kCacheLine : kLargePage;
    const std::size_t bytes = (count * sizeof(float) + alignment - 1) / alignment * alignment;
    floats_.reset(static_cast<float*>(std::aligned_alloc(alignment, bytes)));
    if (!floats_) throw std::bad_alloc();
#ifdef __linux__
    // Batches are streamed through once and again; with small pages a quarter of that time goes into looking
    // them up.
    if (alignment == kLargePage) madvise(floats_.get(), bytes, MADV_HUGEPAGE);
#endif
    std::fill_n(floats_.get(), bytes / sizeof(float), 0.0f);
}

}  // namespace emotion::ml
