#include "ml/layers/relu.hpp"

#include "ml/core/image_loops.hpp"

namespace emotion::ml {
namespace {

class ReluLayer : public Layer {
  public:
    using Layer::Layer;

    void forward(const LayerImages& images) const override {
        const ImageView &input = images.inputs[0], &output = images.output;
        for_vectors(input, [&](int y, std::ptrdiff_t offset) {
            store(output.row(y) + offset, positive_part(load(input.row(y) + offset)));
        });
    }
    void input_gradient(const LayerImages& images, int, const ImageView& gradient, bool add) const override {
        relu_gradient(images.output, images.output_gradient, gradient, add);
    }
};

}  // namespace

void relu_gradient(const ImageView& output, const ImageView& output_gradient, const ImageView& gradient,
                   bool add) {
    for_vectors(output, [&](int y, std::ptrdiff_t offset) {
        const Vector passed =
            load(output.row(y) + offset) > 0.0f ? load(output_gradient.row(y) + offset) : Vector{};
        store(gradient.row(y) + offset, passed, add);
    });
}

std::unique_ptr<Layer> Relu::bind(std::span<const Shape> inputs) const {
    return std::make_unique<ReluLayer>(inputs[0]);
}

}  // namespace emotion::ml
