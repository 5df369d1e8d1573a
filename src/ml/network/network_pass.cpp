#include "ml/network/network_pass.hpp"

namespace emotion::ml {

LayerImages NetworkPass::images_of(const Step& step, int image, int thread, bool with_gradient) const {
    LayerImages result{.output = images.value(step.output, image, thread),
                       .image = image,
                       .training = training,
                       .random_seed = dropout_seed,
                       .random_stream = static_cast<std::uint64_t>(image) * plan.steps.size() + step.node};
    for (std::size_t input = 0; input < step.inputs.size(); ++input)
        result.inputs[input] = images.value(step.inputs[input], image, thread);
    if (with_gradient) result.output_gradient = images.gradient(step.output, image, thread);
    return result;
}

void NetworkPass::run_back(const Step& step, WeightGradients& weights, int image, int thread) const {
    const LayerImages of_step = images_of(step, image, thread, true);
    weights.add(step, of_step);
    if (step.batch) {
        step.batch->gather_gradient(of_step);
        return;
    }
    for (std::size_t input = 0; input < step.inputs.size(); ++input) {
        if (step.inputs[input] == 0) continue;  // the gradient of the input is not needed
        step.layer->input_gradient(of_step, static_cast<int>(input),
                                   images.gradient(step.inputs[input], image, thread), step.adds[input]);
    }
}

std::span<const float> NetworkPass::run_image(const float* planes, int thread) const {
    read_planes(planes, images.value(0, thread, thread));
    for (const Step& step : plan.steps) run(step, thread, thread);
    return {images.value(plan.steps.back().output, thread, thread).row(0), plan.outputs};
}

void read_planes(const float* planes, const ImageView& image) {
    const Shape& shape = image.shape();
    for (int channel = 0; channel < shape.channels; ++channel)
        for (int y = 0; y < shape.height; ++y)
            for (int x = 0; x < shape.width; ++x) image.pixel(y, x)[channel] = *planes++;
}

}  // namespace emotion::ml
