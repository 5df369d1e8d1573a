#include "ml/network/predictor.hpp"

#include <cstddef>
#include <stdexcept>
#include <string>

#include "ml/network/network_forward.hpp"
#include "ml/network/network_import.hpp"
#include "ml/core/vector.hpp"

namespace emotion::ml {
namespace {

const NetworkPlan& affordable(const NetworkPlan& plan) {
    constexpr std::size_t kMaxFloats = std::size_t{1} << 28;
    std::size_t floats = 0;
    for (const Place& place : plan.places) floats += place.layout.floats();
    for (const Step& step : plan.steps)
        if (const auto& convolution = step.convolution)
            floats +=
                static_cast<std::size_t>(convolution->rows()) * padded_to_vector(convolution->out.channels);
    if (floats > kMaxFloats)
        throw std::invalid_argument("the network needs more than 1 GiB of memory to run");
    return plan;
}

}  // namespace

struct Predictor::Impl {
    explicit Impl(const InferenceGraph& graph)
        : plan(spec_of(graph)),
          kernels(make_kernels(affordable(plan))),
          no_norms(plan.steps.size()),
          images(plan, 1, 1, false) {
        set_weights(plan, parameters_of(graph), false, kernels);
    }

    const NetworkPlan plan;
    const Kernels kernels;
    const Norms no_norms;  // graphs hold none
    NetworkImages images;
};

Predictor::Predictor(const InferenceGraph& graph) : impl_(std::make_unique<Impl>(graph)) {}
Predictor::Predictor(Predictor&&) noexcept = default;
Predictor::~Predictor() = default;

std::span<const float> Predictor::predict(std::span<const float> image) {
    Impl& self = *impl_;
    if (image.size() != self.plan.inputs)
        throw std::invalid_argument(std::to_string(image.size()) + " floats are no image of " +
                                    std::to_string(self.plan.inputs));
    return run_image({self.plan, self.kernels, self.no_norms, self.images}, image.data(), 0);
}

}  // namespace emotion::ml
