#pragma once

#include <memory>
#include <span>

#include "ml/core/api.hpp"
#include "ml/network/graph.hpp"

namespace emotion::ml {

/// Evaluates a graph on single images on the calling thread, with memory and weights prepared in advance. One
/// caller at a time.
class EMOTION_ML_API Predictor {
  public:
    /// Throws std::invalid_argument as Network does, and for a graph that needs more than 1 GiB.
    explicit Predictor(const Graph& graph);
    Predictor(Predictor&&) noexcept;
    ~Predictor();

    /// Returns the logits of an image (channels, height, width), valid until the next call. Throws
    /// std::invalid_argument for a wrong number of floats.
    std::span<const float> predict(std::span<const float> image);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace emotion::ml
