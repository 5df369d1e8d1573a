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

/// The range of one kind of a layer's parameters in Network::parameters().
struct ParameterBlock {
    int layer = 0;
    std::size_t begin = 0, count = 0;
    /// Whether weight decay applies: to weights of convolutions and dense layers, but not to biases and batch
    /// normalization.
    bool decays = false;
};

/// A network with weights, trained by back-propagation in single precision. Images and logits are plain
/// arrays (N, channels, height, width) and (N, outputs). Results are bit for bit independent of the number of
/// threads: images are processed one by one and their sums are reduced in a fixed order. One caller at a
/// time.
class EMOTION_ML_API Network {
  public:
    /// Layers without weights draw them from normal distributions (see their files), reproducibly for a seed.
    /// Throws std::invalid_argument as output_shapes() does, and for a graph that does not end in one number
    /// per class.
    Network(const Graph& graph, std::uint64_t seed);
    /// A trained network, for further training or feature extraction. Throws std::invalid_argument also for a
    /// layer without weights.
    explicit Network(const Graph& trained);
    Network(const Network& other);
    Network(Network&&) noexcept;
    Network& operator=(Network other) noexcept;
    ~Network();

    /// The graph it was constructed from.
    const Graph& graph() const;
    /// Number of floats per image, and per image's logits.
    std::size_t inputs() const;
    std::size_t outputs() const;

    /// All learned parameters: for each convolution and dense layer its weights (kernel, kernel, in, out), or
    /// (kernel, kernel, channels) when depthwise, then its bias; for each batch normalization scale and
    /// shift.
    std::span<float> parameters();
    std::span<const float> parameters() const;
    const std::vector<ParameterBlock>& parameter_blocks() const;
    /// Running mean and variance of each batch normalization.
    std::span<float> statistics();
    std::span<const float> statistics() const;

    /// Training mode: normalizes by batch statistics, updates the running ones and applies dropout seeded by
    /// `dropout_seed` and the image's index in the batch. The logits stay valid until the next call.
    std::span<const float> forward(std::span<const float> images, std::uint64_t dropout_seed,
                                   ThreadPool& pool);
    /// Given the gradient of the loss with respect to the logits of the last forward(), writes the gradient
    /// with respect to parameters() to `gradient`.
    void backward(std::span<const float> logits_gradient, std::span<float> gradient, ThreadPool& pool);

    /// Evaluation mode: running statistics, no dropout.
    void predict(std::span<const float> images, std::span<float> logits, ThreadPool& pool) const;

    /// The function of predict() with batch normalization folded into the preceding convolution where nothing
    /// else reads that convolution.
    Graph inference_graph() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace emotion::ml
