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

/// One image on its way through a layer, on one thread.
struct LayerImages {
    std::array<ImageView, 2> inputs = {};
    ImageView output = {}, output_gradient = {};  // the gradient only on the way back
    int image = 0;                                // its place in the batch
    bool training = false;
    std::uint64_t random_seed = 0, random_stream = 0;

    /// The same for this image on the way forward and back.
    Random random() const { return Random(random_seed, random_stream); }
};

/// What a layer asks of the network that runs it.
struct LayerNeeds {
    /// It reads its input one channel at a time, so that pixels need not be padded to whole vectors.
    bool bare_input = false;
    /// Rows and columns of zeros round its input and round the gradient with respect to its output.
    int input_border = 0, output_gradient_border = 0;
    /// Its output is too expensive to be made again for the way back.
    bool keeps_output = false;
};

/// How many numbers a layer learns and keeps.
struct LayerParameters {
    std::size_t weights = 0;     ///< first; they shrink under weight decay
    std::size_t others = 0;      ///< biases, scales and shifts, which do not
    std::size_t statistics = 0;  ///< running means and variances
    /// Layer::weight_gradient() writes rows of so many numbers, each padded to whole vectors; 0: none.
    int gradient_columns = 0;

    std::size_t count() const { return weights + others; }
};

class BatchLayer;

/// A layer at work, for inputs of fixed shapes. What it is made of and how it is written down says its kind
/// (layer_kinds.hpp). A gradient is written or, with `add`, added to what is there. Many threads may call the
/// const functions at once, each for images of its own.
class Layer {
  public:
    explicit Layer(const Shape& output) : output_(output) {}
    virtual ~Layer() = default;
    Layer(const Layer&) = delete;
    Layer& operator=(const Layer&) = delete;

    const Shape& output() const { return output_; }
    virtual LayerNeeds needs() const { return {}; }
    /// Whether it can do the ReLU after it on the way; from this call on it does.
    virtual bool absorb_relu() { return false; }
    /// Itself, if it is one that needs sums over whole batches.
    virtual BatchLayer* batch() { return nullptr; }

    virtual LayerParameters parameters() const { return {}; }
    /// `training`: there will be gradients, and statistics are the batch's own.
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

/// A layer that needs sums over a whole batch before it can go on with any image. They are gathered for each
/// image, by any thread, and then taken in the images' order. input_gradient() is for after
/// finish_gradient().
class BatchLayer : public Layer {
  public:
    using Layer::Layer;
    BatchLayer* batch() final { return this; }

    virtual void begin(int images) = 0;
    virtual void gather(const ImageView& input, int image) = 0;
    /// From what was gathered; moves the running statistics.
    virtual void finish(std::span<const float> parameters, std::span<float> statistics) = 0;

    /// May change the output's gradient.
    virtual void gather_gradient(const LayerImages& images) = 0;
    /// Writes the gradient with respect to the parameters.
    virtual void finish_gradient(std::span<const float> parameters, std::span<float> gradient) = 0;
};

}  // namespace emotion::ml
