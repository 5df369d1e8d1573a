#pragma once

// Internal to the library.

#include <cstddef>
#include <cstdlib>
#include <memory>

namespace emotion::ml {

/// Zero-initialized memory, aligned for every instruction set and, for large arrays, to large pages. Throws
/// std::bad_alloc.
void* allocate_aligned(std::size_t bytes);

/// An array of T in such memory.
template <class T>
class AlignedArray {
  public:
    AlignedArray() = default;
    explicit AlignedArray(std::size_t count)
        : numbers_(static_cast<T*>(allocate_aligned(count * sizeof(T)))), size_(count) {}

    T* data() { return numbers_.get(); }
    const T* data() const { return numbers_.get(); }
    std::size_t size() const { return size_; }

  private:
    struct Free {
        void operator()(void* memory) const { std::free(memory); }
    };

    std::unique_ptr<T[], Free> numbers_;
    std::size_t size_ = 0;
};

using AlignedFloats = AlignedArray<float>;

}  // namespace emotion::ml
