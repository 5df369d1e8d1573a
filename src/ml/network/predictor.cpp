#include "ml/network/predictor.hpp"

#include <cstddef>
#include <stdexcept>
#include <string>

#include "ml/core/vector.hpp"
#include "ml/network/network_pass.hpp"

namespace emotion::ml {
namespace {

const NetworkPlan& affordable(const NetworkPlan& plan) {
    constexpr std::size_t kMaxFloats = std::size_t{1} << 28;
    std::size_t floats = 0;
    for (const Place& place : plan.places) floats += place.layout.floats();
    for (const Step& step : plan.steps)
        if (const int columns = step.sizes.gradient_columns; columns > 0)
            floats += step.sizes.count() / columns * padded_to_vector(columns);
    if (floats > kMaxFloats)
        throw std::invalid_argument("the network needs more than 1 GiB of memory to run");
    return plan;
}

}  // namespace

struct Predictor::Impl {
    explicit Impl(const Graph& graph) : plan(graph), images(affordable(plan), 1, 1, false) {
        const NetworkState state = initial_state(graph, plan, std::nullopt);
        plan.set_parameters(state.parameters, state.statistics, false);
    }

    NetworkPlan plan;
    NetworkImages images;
};

Predictor::Predictor(const Graph& graph) : impl_(std::make_unique<Impl>(graph)) {}
Predictor::Predictor(Predictor&&) noexcept = default;
Predictor::~Predictor() = default;

std::span<const float> Predictor::predict(std::span<const float> image) {
    Impl& self = *impl_;
    if (image.size() != self.plan.inputs)
        throw std::invalid_argument(std::to_string(image.size()) + " floats are no image of " +
                                    std::to_string(self.plan.inputs));
    return NetworkPass{self.plan, self.images}.run_image(image.data(), 0);
}

}  // namespace emotion::ml
