#include "ml/layers/dropout.hpp"

#include <stdexcept>

#include "ml/core/image_loops.hpp"
#include "ml/layers/layer_kinds.hpp"

namespace emotion::ml {
namespace {

class DropoutLayer : public Layer {
  public:
    DropoutLayer(const Dropout& options, const Shape& shape) : Layer(shape), rate_(options.rate) {}

    void forward(const LayerImages& images) const override {
        if (images.training)
            drop(images.inputs[0], images.random(), images.output, false);
        else
            copy(images.inputs[0], images.output, false);
    }
    void input_gradient(const LayerImages& images, int, const ImageView& gradient, bool add) const override {
        drop(images.output_gradient, images.random(), gradient, add);
    }

  private:
    // The gradient as well, given a generator in the same state.
    void drop(const ImageView& input, Random random, const ImageView& output, bool add) const {
        const float scale = 1.0f / (1.0f - rate_);
        const Shape& shape = input.shape();
        for (int y = 0; y < shape.height; ++y)
            for (int x = 0; x < shape.width; ++x)
                for (int channel = 0; channel < shape.channels; ++channel) {
                    const float value = random.uniform() < rate_ ? 0.0f : scale * input.pixel(y, x)[channel];
                    float& target = output.pixel(y, x)[channel];
                    target = add ? target + value : value;
                }
    }

    float rate_;
};

}  // namespace

std::unique_ptr<Layer> Dropout::bind(std::span<const Shape> inputs) const {
    if (!(rate >= 0 && rate < 1)) throw std::invalid_argument("rate must be in [0, 1)");
    return std::make_unique<DropoutLayer>(*this, inputs[0]);
}

std::span<const RecipeWord> Dropout::recipe_words() {
    static constexpr RecipeWord kWords[] = {
        {.word = "dropout", .numbers = 1, .build = [](const RecipeLine& line, NetworkBuilder& builder) {
             builder.add(Dropout{line.number(0)});
         }}};
    return kWords;
}

}  // namespace emotion::ml
