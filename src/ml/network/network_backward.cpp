#include "ml/network/network_backward.hpp"

#include <cstddef>
#include <variant>

#include "ml/layers/image_layers.hpp"
#include "ml/core/overloaded.hpp"

namespace emotion::ml {

void run_step_back(const Step& step, const ForwardPass& pass, Norms& norms, WeightGradients& weights,
                   int image, int thread) {
    const auto index = static_cast<std::size_t>(&step - pass.plan.steps.data());
    const ImageView in = pass.images.value(step.inputs[0], image, thread);
    const ImageView out = pass.images.value(step.output, image, thread);
    const ImageView out_gradient = pass.images.gradient(step.output, image, thread);
    if (step.convolution) weights.add(index, in, out_gradient, image);
    if (std::holds_alternative<layer::BatchNorm>(step.kind)) {
        norms[index]->gather_gradient(in, step.with_relu, out_gradient, image);
        return;
    }
    for (std::size_t input = 0; input < step.inputs.size(); ++input) {
        if (step.inputs[input] == 0) continue;  // nobody asks for the gradient of pictures
        const ImageView gradient = pass.images.gradient(step.inputs[input], image, thread);
        const bool adds = step.adds[input];
        const auto convolve = [&](const auto&) {
            pass.kernels[index]->input_gradient(out_gradient, gradient, adds);
        };
        std::visit(
            Overloaded{
                [&](const layer::Convolution& kind) { convolve(kind); },
                [&](const layer::Dense& kind) { convolve(kind); },
                [&](const layer::BatchNorm&) {},
                [&](const layer::Dropout& kind) {
                    dropout(out_gradient, kind.rate, dropout_stream(step, pass, image), gradient, adds);
                },
                [&](const Relu&) { relu_gradient(out, out_gradient, gradient, adds); },
                [&](const MaxPool& kind) {
                    max_pool_gradient(in, out, kind.size, kind.stride, out_gradient, gradient, adds);
                },
                [&](const AveragePool& kind) {
                    average_pool_gradient({kind.size, kind.size, kind.stride}, out_gradient, gradient, adds);
                },
                [&](const GlobalAveragePool&) {
                    average_pool_gradient({in.shape().height, in.shape().width, 1}, out_gradient, gradient,
                                          adds);
                },
                [&](const Add&) {
                    if (step.with_relu)
                        relu_gradient(out, out_gradient, gradient, adds);
                    else
                        copy(out_gradient, gradient, adds);
                },
            },
            step.kind);
    }
}

}  // namespace emotion::ml
