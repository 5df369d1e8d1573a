#pragma once

// Internal to the library.

#include <cstddef>

#include "ml/aligned_memory.hpp"

namespace emotion::ml {

/// Zeroed floats, aligned for every instruction set and, where there are many, for large pages.
class AlignedFloats {
  public:
    AlignedFloats() = default;
    explicit AlignedFloats(std::size_t count)
        : floats_(static_cast<float*>(allocate_aligned(count * sizeof(float)))), size_(count) {}

    float* data() { return floats_.get(); }
    const float* data() const { return floats_.get(); }
    std::size_t size() const { return size_; }

  private:
    AlignedArray<float> floats_;
    std::size_t size_ = 0;
};

}  // namespace emotion::ml
