#pragma once

// Internal to the library.

#include <Eigen/Core>

namespace emotion::ml {

/// Zeroed floats whose start is aligned for every instruction set.
class AlignedFloats {
  public:
    AlignedFloats() = default;
    explicit AlignedFloats(std::size_t count)
        : floats_(Eigen::ArrayXf::Zero(static_cast<Eigen::Index>(count))) {}
    float* data() { return floats_.data(); }
    const float* data() const { return floats_.data(); }
    std::size_t size() const { return static_cast<std::size_t>(floats_.size()); }

  private:
    Eigen::ArrayXf floats_;
};

}  // namespace emotion::ml
