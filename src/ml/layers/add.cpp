#include "ml/layers/add.hpp"

#include <stdexcept>
#include <utility>

#include "ml/core/image_loops.hpp"
#include "ml/layers/layer_kinds.hpp"

namespace emotion::ml {
namespace {

class AddLayer : public Layer {
  public:
    using Layer::Layer;

    bool absorb_relu() override { return !std::exchange(with_relu_, true); }

    void forward(const LayerImages& images) const override {
        const ImageView &left = images.inputs[0], &right = images.inputs[1], &output = images.output;
        for_vectors(output, [&](int y, std::ptrdiff_t offset) {
            const Vector sum = load(left.row(y) + offset) + load(right.row(y) + offset);
            store(output.row(y) + offset, with_relu_ ? positive_part(sum) : sum);
        });
    }
    void input_gradient(const LayerImages& images, int, const ImageView& gradient, bool add) const override {
        if (with_relu_)
            relu_gradient(images.output, images.output_gradient, gradient, add);
        else
            copy(images.output_gradient, gradient, add);
    }

  private:
    bool with_relu_ = false;
};

}  // namespace

std::unique_ptr<Layer> Add::bind(std::span<const Shape> inputs) const {
    if (inputs[0] != inputs[1])
        throw std::invalid_argument("its inputs differ: " + text(inputs[0]) + " and " + text(inputs[1]));
    return std::make_unique<AddLayer>(inputs[0]);
}

// A residual block: a convolution with as many channels, plus its input, before the ReLU (He et al., "Deep
// residual learning for image recognition", CVPR 2016).
std::span<const RecipeWord> Add::recipe_words() {
    static constexpr RecipeWord kWords[] = {
        {.word = "residual", .window = true, .build = [](const RecipeLine& line, NetworkBuilder& builder) {
             const int input = builder.last();
             add_convolution(line, 1, builder);
             builder.add(Add{}, {input, builder.last()});
             builder.add(Relu{});
         }}};
    return kWords;
}

}  // namespace emotion::ml
