#pragma once

// Internal to the library.

#include <cstdint>
#include <span>

#include "ml/network/network_images.hpp"
#include "ml/network/network_plan.hpp"
#include "ml/network/weight_gradients.hpp"

namespace emotion::ml {

/// Runs the steps of a plan on one image, on one thread.
struct NetworkPass {
    const NetworkPlan& plan;
    NetworkImages& images;
    bool training = false;
    std::uint64_t dropout_seed = 0;

    /// `with_gradient`: a gradient of the output exists.
    LayerImages images_of(const Step& step, int image, int thread, bool with_gradient) const;

    void run(const Step& step, int image, int thread) const {
        step.layer->forward(images_of(step, image, thread, false));
    }
    /// Propagates the gradient of a step's output to its inputs and weights. For a batch layer, only gathers
    /// the sums.
    void run_back(const Step& step, WeightGradients& weights, int image, int thread) const;

    /// Runs all steps for one image, (channels, height, width), in the buffers of thread `thread`. The logits
    /// are valid until the thread's next call.
    std::span<const float> run_image(const float* planes, int thread) const;
};

/// Copies planes of (channels, height, width) into an image.
void read_planes(const float* planes, const ImageView& image);

}  // namespace emotion::ml
