#pragma once

// Internal to the library.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/random.hpp"
#include "ml/layers/batch_normalizer.hpp"
#include "ml/layers/convolution.hpp"
#include "ml/network/network_images.hpp"
#include "ml/network/network_plan.hpp"

namespace emotion::ml {

/// Of each step of a plan; empty for steps of other kinds.
using Kernels = std::vector<std::unique_ptr<ConvolutionKernel>>;
using Norms = std::vector<std::optional<BatchNormalizer>>;

Kernels make_kernels(const NetworkPlan& plan);
void set_weights(const NetworkPlan& plan, std::span<const float> parameters, bool for_training,
                 const Kernels& kernels);

/// What run_step() needs beside the step: with what to compute, where images lie, what to drop.
struct ForwardPass {
    const NetworkPlan& plan;
    const Kernels& kernels;
    const Norms& norms;
    NetworkImages& images;
    bool drops_out = false;
    std::uint64_t dropout_seed = 0;
};

/// Of a step that drops out, for one image of the batch.
Random dropout_stream(const Step& step, const ForwardPass& pass, int image);

/// Computes a step's output for one image, on one thread.
void run_step(const Step& step, const ForwardPass& pass, int image, int thread);

/// All steps for one image, (channels, height, width), where each thread uses the image of the batch that has
/// its own number. The logits stay there until the thread's next.
std::span<const float> run_image(const ForwardPass& pass, const float* planes, int thread);

}  // namespace emotion::ml
