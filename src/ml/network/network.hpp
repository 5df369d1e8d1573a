#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/parallel.hpp"
#include "ml/core/api.hpp"
#include "ml/network/graph.hpp"

namespace emotion::ml {

/// Where one kind of a layer's parameters lies in Network::parameters().
struct ParameterBlock {
    int layer = 0;
    std::size_t begin = 0, count = 0;
    /// Weights of convolutions and dense layers shrink under weight decay; biases and batch normalization do
    /// not.
    bool decays = false;
};

/// A network with weights, trained by back-propagation in single precision. Images and logits are rows of
/// plain arrays: (N, channels, height, width) and (N, outputs). Results do not depend on the number of
/// threads, bit for bit: images are worked on one by one, and their sums are taken in a fixed order. One
/// caller at a time.
class EMOTION_ML_API Network {
  public:
    /// Layers that bring no weights draw them from normal distributions (see their files); the same seed
    /// draws the same. Throws std::invalid_argument as output_shapes() does, and for a graph that does not
    /// end in one number for each class.
    Network(const Graph& graph, std::uint64_t seed);
    /// A network that computes what a trained graph does, to be trained further or asked for features. Throws
    /// std::invalid_argument also for a layer without its weights.
    explicit Network(const Graph& trained);
    Network(const Network& other);
    Network(Network&&) noexcept;
    Network& operator=(Network other) noexcept;
    ~Network();

    /// What it was made from.
    const Graph& graph() const;
    /// Floats of one image, and of its logits.
    std::size_t inputs() const;
    std::size_t outputs() const;

    /// Everything that is learned: for each convolution and dense layer its weights (kernel, kernel, in,
    /// out), or (kernel, kernel, channels) when depthwise, then its bias; for each batch normalization scale
    /// and shift.
    std::span<float> parameters();
    std::span<const float> parameters() const;
    const std::vector<ParameterBlock>& parameter_blocks() const;
    /// Running mean and variance of each batch normalization.
    std::span<float> statistics();
    std::span<const float> statistics() const;

    /// Training mode: normalises by the batch's own statistics, moves the running ones, drops out by a stream
    /// that `dropout_seed` and the image's place in the batch give. The logits stay valid until the next
    /// call.
    std::span<const float> forward(std::span<const float> images, std::uint64_t dropout_seed,
                                   ThreadPool& pool);
    /// From the loss's gradient with respect to the logits of the last forward(), its gradient with respect
    /// to parameters(), written to `gradient`.
    void backward(std::span<const float> logits_gradient, std::span<float> gradient, ThreadPool& pool);

    /// Evaluation mode: running statistics, no dropout.
    void predict(std::span<const float> images, std::span<float> logits, ThreadPool& pool) const;

    /// The same function as predict(), batch normalization folded into the convolution before it where it is
    /// that convolution's only reader.
    Graph inference_graph() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace emotion::ml
