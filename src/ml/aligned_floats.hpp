#pragma once

// Internal to the library.

#include <cstddef>
#include <cstdlib>
#include <memory>

namespace emotion::ml {

/// Zeroed floats, aligned for every instruction set and, where there are many, for large pages.
class AlignedFloats {
  public:
    AlignedFloats() = default;
    explicit AlignedFloats(std::size_t count);

    float* data() { return floats_.get(); }
    const float* data() const { return floats_.get(); }
    std::size_t size() const { return size_; }

  private:
    struct Free {
        void operator()(float* floats) const { std::free(floats); }
    };
    std::unique_ptr<float[], Free> floats_;
    std::size_t size_ = 0;
};

}  // namespace emotion::ml
