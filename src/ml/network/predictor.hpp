#pragma once

#include <memory>
#include <span>

#include "ml/core/api.hpp"
#include "ml/network/graph.hpp"

namespace emotion::ml {

/// Computes what a graph does of one image after the other, on the calling thread, with all its memory taken
/// and its weights laid out beforehand. One caller at a time.
class EMOTION_ML_API Predictor {
  public:
    /// Throws std::invalid_argument as Network does, and for a graph that needs more than 1 GiB.
    explicit Predictor(const Graph& graph);
    Predictor(Predictor&&) noexcept;
    ~Predictor();

    /// From an image (channels, height, width) to its logits, which stay until the next call. Throws
    /// std::invalid_argument for another number of floats.
    std::span<const float> predict(std::span<const float> image);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace emotion::ml
