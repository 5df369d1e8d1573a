#include "ml/network/network_forward.hpp"

#include <cstddef>
#include <variant>

#include "ml/layers/image_layers.hpp"
#include "ml/core/overloaded.hpp"

namespace emotion::ml {

Kernels make_kernels(const NetworkPlan& plan) {
    Kernels kernels;
    for (const Step& step : plan.steps)
        kernels.push_back(step.convolution ? make_convolution_kernel(*step.convolution) : nullptr);
    return kernels;
}

void set_weights(const NetworkPlan& plan, std::span<const float> parameters, bool for_training,
                 const Kernels& kernels) {
    for (std::size_t index = 0; index < plan.steps.size(); ++index)
        if (kernels[index])
            kernels[index]->set_weights(parameters.subspan(plan.steps[index].parameters), for_training);
}

Random dropout_stream(const Step& step, const ForwardPass& pass, int image) {
    return Random(pass.dropout_seed, static_cast<std::uint64_t>(image) * pass.plan.steps.size() + step.layer);
}

void run_step(const Step& step, const ForwardPass& pass, int image, int thread) {
    const auto index = static_cast<std::size_t>(&step - pass.plan.steps.data());
    const ImageView in = pass.images.value(step.inputs[0], image, thread);
    const ImageView out = pass.images.value(step.output, image, thread);
    const auto convolve = [&](const auto&) { pass.kernels[index]->forward(in, out); };
    std::visit(Overloaded{
                   [&](const layer::Convolution& kind) { convolve(kind); },
                   [&](const layer::Dense& kind) { convolve(kind); },
                   [&](const layer::BatchNorm&) { pass.norms[index]->apply(in, step.with_relu, out); },
                   [&](const layer::Dropout& kind) {
                       if (pass.drops_out)
                           dropout(in, kind.rate, dropout_stream(step, pass, image), out, false);
                       else
                           copy(in, out, false);
                   },
                   [&](const Relu&) { relu(in, out); },
                   [&](const MaxPool& kind) { max_pool(in, kind.size, kind.stride, out); },
                   [&](const AveragePool& kind) {
                       average_pool(in, {kind.size, kind.size, kind.stride}, out);
                   },
                   [&](const GlobalAveragePool&) {
                       average_pool(in, {in.shape().height, in.shape().width, 1}, out);
                   },
                   [&](const Add&) {
                       add(in, pass.images.value(step.inputs[1], image, thread), step.with_relu, out);
                   },
               },
               step.kind);
}

std::span<const float> run_image(const ForwardPass& pass, const float* planes, int thread) {
    read_planes(planes, pass.images.value(0, thread, thread));
    for (const Step& step : pass.plan.steps) run_step(step, pass, thread, thread);
    return {pass.images.value(pass.plan.steps.back().output, thread, thread).row(0), pass.plan.outputs};
}

}  // namespace emotion::ml
