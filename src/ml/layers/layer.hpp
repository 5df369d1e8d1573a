#pragma once

// Internal to the library.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/random.hpp"
#include "ml/core/image_view.hpp"
#include "ml/layers/onnx_node.hpp"
#include "ml/layers/recipe_line.hpp"

namespace emotion::ml {

/// The images of a layer during one pass, on one thread.
struct LayerImages {
    std::array<ImageView, 2> inputs = {};
    ImageView output = {}, output_gradient = {};  // the gradient during the backward pass only
    int image = 0;                                // index in the batch
    bool training = false;
    std::uint64_t random_seed = 0, random_stream = 0;

    /// Yields the same numbers for this image in the forward and the backward pass.
    Random random() const { return Random(random_seed, random_stream); }
};

/// What a layer requires of the network that runs it.
struct LayerNeeds {
    /// The input is read one channel at a time, so its pixels need not be padded to whole vectors.
    bool unpadded_input = false;
    /// Zero rows and columns around the input and around the gradient with respect to the output.
    int input_border = 0, output_gradient_border = 0;
    /// The output is too expensive to recompute in the backward pass.
    bool keeps_output = false;
};

/// The sizes of a layer's parameters and statistics.
struct LayerParameters {
    std::size_t weights = 0;     ///< first; subject to weight decay
    std::size_t others = 0;      ///< biases, scales and shifts, not subject to it
    std::size_t statistics = 0;  ///< running means and variances
    /// Length of the rows written by Layer::weight_gradient(), each padded to whole vectors; 0: none.
    int gradient_columns = 0;

    std::size_t count() const { return weights + others; }
};

class BatchLayer;

/// A layer bound to inputs of fixed shapes; its kind (layer_kinds.hpp) holds the options. Gradients are
/// written or, with `add`, added. The const functions may be called concurrently for different images.
class Layer {
  public:
    explicit Layer(const Shape& output) : output_(output) {}
    virtual ~Layer() = default;
    Layer(const Layer&) = delete;
    Layer& operator=(const Layer&) = delete;

    const Shape& output() const { return output_; }
    virtual LayerNeeds needs() const { return {}; }
    /// Whether the layer can apply a following ReLU itself; once called, it does.
    virtual bool absorb_relu() { return false; }
    /// This layer if it needs sums over whole batches, else nullptr.
    virtual BatchLayer* batch() { return nullptr; }

    virtual LayerParameters parameters() const { return {}; }
    /// `training`: gradients will follow, and batch statistics are used.
    virtual void set_parameters(std::span<const float> /*parameters*/, std::span<const float> /*statistics*/,
                                bool /*training*/) {}

    virtual void forward(const LayerImages& images) const = 0;
    /// With respect to input number `input`.
    virtual void input_gradient(const LayerImages& images, int input, const ImageView& gradient,
                                bool add) const = 0;
    virtual void weight_gradient(const LayerImages& /*images*/, float* /*gradient*/, bool /*add*/) const {}

  private:
    Shape output_;
};

/// A layer that needs sums over a whole batch before it can process any image. They are gathered for each
/// image, on any thread, then reduced in image order. Call input_gradient() after finish_gradient().
class BatchLayer : public Layer {
  public:
    using Layer::Layer;
    BatchLayer* batch() final { return this; }

    virtual void begin(int images) = 0;
    virtual void gather(const ImageView& input, int image) = 0;
    /// Reduces what was gathered and updates the running statistics.
    virtual void finish(std::span<const float> parameters, std::span<float> statistics) = 0;

    /// May modify the gradient of the output.
    virtual void gather_gradient(const LayerImages& images) = 0;
    /// Writes the gradient with respect to the parameters.
    virtual void finish_gradient(std::span<const float> parameters, std::span<float> gradient) = 0;
};

}  // namespace emotion::ml
