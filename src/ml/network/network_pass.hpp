#pragma once

// Internal to the library.

#include <cstdint>
#include <span>

#include "ml/network/network_images.hpp"
#include "ml/network/network_plan.hpp"
#include "ml/network/weight_gradients.hpp"

namespace emotion::ml {

/// What runs the steps of a plan on one image, on one thread.
struct NetworkPass {
    const NetworkPlan& plan;
    NetworkImages& images;
    bool training = false;
    std::uint64_t dropout_seed = 0;

    /// `with_gradient`: there is one of the output.
    LayerImages images_of(const Step& step, int image, int thread, bool with_gradient) const;

    void run(const Step& step, int image, int thread) const {
        step.layer->forward(images_of(step, image, thread, false));
    }
    /// From the gradient of a step's output to those of its inputs and its weights. Of a batch layer it only
    /// gathers the sums.
    void run_back(const Step& step, WeightGradients& weights, int image, int thread) const;

    /// All steps for one image, (channels, height, width), where each thread uses the image of the batch that
    /// has its own number. The logits stay there until the thread's next.
    std::span<const float> run_image(const float* planes, int thread) const;
};

/// From (channels, height, width).
void read_planes(const float* planes, const ImageView& image);

}  // namespace emotion::ml
