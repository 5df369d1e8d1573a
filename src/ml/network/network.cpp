#include "ml/network/network.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/random.hpp"
#include "ml/layers/image_layers.hpp"
#include "ml/network/network_backward.hpp"
#include "ml/network/network_export.hpp"
#include "ml/network/network_forward.hpp"
#include "ml/network/weight_gradients.hpp"

namespace emotion::ml {
namespace {

std::vector<ParameterBlock> parameter_blocks_of(const NetworkPlan& plan) {
    std::vector<ParameterBlock> blocks;
    for (const Step& step : plan.steps) {
        if (step.convolution) {
            const std::size_t bias = step.convolution->bias ? step.convolution->out.channels : 0;
            const std::size_t weights = step.convolution->weights() - bias;
            blocks.push_back({step.layer, step.parameters, weights, true});
            if (bias > 0) blocks.push_back({step.layer, step.parameters + weights, bias, false});
        } else if (std::holds_alternative<layer::BatchNorm>(step.kind)) {
            blocks.push_back({step.layer, step.parameters, plan.norm_parameters(step), false});
        }
    }
    return blocks;
}

}  // namespace

struct Network::Impl {
    Impl(const NetworkSpec& network_spec);

    int count_images(std::span<const float> images) const;
    void draw_weights(std::uint64_t seed);
    std::span<float> norm_parameters(const Step& step, std::span<float> all) const {
        return all.subspan(step.parameters, plan.norm_parameters(step));
    }
    std::span<float> norm_statistics(const Step& step) {
        return std::span(statistics).subspan(step.statistics, plan.norm_parameters(step));
    }
    ForwardPass training_pass() {
        return {plan, kernels, training_norms, *training_images, true, dropout_seed};
    }

    // What one thread does for one image.
    void run_stage(int stage, int image, int thread);
    void run_stage_back(int stage, int image, int thread);

    NetworkSpec spec;
    NetworkPlan plan;
    std::vector<ParameterBlock> blocks;
    std::vector<float> parameters, statistics;
    Kernels kernels;
    Norms training_norms, running_norms;

    // Of the last forward():
    ImageChunks batch;
    std::uint64_t dropout_seed = 0;
    std::optional<NetworkImages> training_images;
    std::vector<float> logits;

    std::optional<NetworkImages> prediction_images;
    WeightGradients weight_gradients;
};

Network::Impl::Impl(const NetworkSpec& network_spec)
    : spec(network_spec),
      plan(network_spec),
      blocks(parameter_blocks_of(plan)),
      parameters(plan.parameters),
      statistics(plan.statistics),
      kernels(make_kernels(plan)),
      weight_gradients(plan, kernels) {
    for (const Step& step : plan.steps) {
        training_norms.emplace_back();
        running_norms.emplace_back();
        if (const auto* norm = std::get_if<layer::BatchNorm>(&step.kind)) {
            training_norms.back().emplace(*norm, plan.places[step.output].layout.shape);
            running_norms.back().emplace(*norm, plan.places[step.output].layout.shape);
            const auto scale = norm_parameters(step, parameters).first(plan.norm_parameters(step) / 2);
            std::fill(scale.begin(), scale.end(), 1.0f);
            const auto variance = norm_statistics(step).last(plan.norm_parameters(step) / 2);
            std::fill(variance.begin(), variance.end(), 1.0f);
        }
    }
}

int Network::Impl::count_images(std::span<const float> images) const {
    if (images.empty() || images.size() % plan.inputs != 0)
        throw std::invalid_argument(std::to_string(images.size()) + " floats are no batch of images of " +
                                    std::to_string(plan.inputs));
    return static_cast<int>(images.size() / plan.inputs);
}

void Network::Impl::draw_weights(std::uint64_t seed) {
    for (const Step& step : plan.steps) {
        if (!step.convolution) continue;
        const bool rectified = std::holds_alternative<layer::Convolution>(step.kind);
        const int fan_in =
            step.convolution->taps() * (step.convolution->depthwise ? 1 : step.convolution->in.channels);
        const double deviation = std::sqrt((rectified ? 2.0 : 1.0) / fan_in);
        Random random(seed, static_cast<std::uint64_t>(step.layer));
        const std::size_t weights = static_cast<std::size_t>(fan_in) * step.convolution->out.channels;
        for (float& weight : std::span(parameters).subspan(step.parameters, weights))
            weight = static_cast<float>(deviation * random.normal());
    }
}

void Network::Impl::run_stage(int stage, int image, int thread) {
    const ForwardPass pass = training_pass();
    for (const Step& step : plan.steps)
        if (step.stage == stage) run_step(step, pass, image, thread);
    for (std::size_t index = 0; index < plan.steps.size(); ++index)
        if (training_norms[index] && plan.steps[index].input_stage == stage)
            training_norms[index]->gather(training_images->value(plan.steps[index].inputs[0], image, thread),
                                          image);
}

void Network::Impl::run_stage_back(int stage, int image, int thread) {
    const ForwardPass pass = training_pass();
    for (const Step& step : plan.steps)
        if (step.stage == stage && !plan.places[step.output].kept) run_step(step, pass, image, thread);
    for (auto step = plan.steps.rbegin(); step != plan.steps.rend(); ++step) {
        if (step->stage != stage) continue;
        for (const int norm : step->normalized_by)
            training_norms[norm]->input_gradient(
                training_images->gradient(plan.steps[norm].output, image, thread),
                training_images->value(step->output, image, thread),
                training_images->gradient(step->output, image, thread), plan.steps[norm].adds[0]);
        run_step_back(*step, pass, training_norms, weight_gradients, image, thread);
    }
}

Network::Network(const NetworkSpec& spec, std::uint64_t seed) : impl_(std::make_unique<Impl>(spec)) {
    impl_->draw_weights(seed);
}
Network::Network(const Network& other) : impl_(std::make_unique<Impl>(other.impl_->spec)) {
    impl_->parameters = other.impl_->parameters;
    impl_->statistics = other.impl_->statistics;
}
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network other) noexcept {
    std::swap(impl_, other.impl_);
    return *this;
}
Network::~Network() = default;

const NetworkSpec& Network::spec() const {
    return impl_->spec;
}
std::size_t Network::inputs() const {
    return impl_->plan.inputs;
}
std::size_t Network::outputs() const {
    return impl_->plan.outputs;
}
std::span<float> Network::parameters() {
    return impl_->parameters;
}
std::span<const float> Network::parameters() const {
    return impl_->parameters;
}
const std::vector<ParameterBlock>& Network::parameter_blocks() const {
    return impl_->blocks;
}
std::span<float> Network::statistics() {
    return impl_->statistics;
}
std::span<const float> Network::statistics() const {
    return impl_->statistics;
}

std::span<const float> Network::forward(std::span<const float> images, std::uint64_t dropout_seed,
                                        ThreadPool& pool) {
    Impl& self = *impl_;
    self.batch = {self.count_images(images)};
    self.dropout_seed = dropout_seed;
    if (!self.training_images || !self.training_images->suffice(self.batch.images, pool.size()))
        self.training_images.emplace(self.plan, self.batch.images, pool.size(), true);
    for (auto& norm : self.training_norms)
        if (norm) norm->set_images(self.batch.images);
    set_weights(self.plan, self.parameters, true, self.kernels);
    for (int stage = 0; stage < self.plan.stages; ++stage) {
        self.batch.for_images(pool, [&](int image, int thread) {
            if (stage == 0)
                read_planes(&images[image * inputs()], self.training_images->value(0, image, thread));
            self.run_stage(stage, image, thread);
        });
        for (std::size_t index = 0; index < self.plan.steps.size(); ++index) {
            const Step& step = self.plan.steps[index];
            if (self.training_norms[index] && step.input_stage == stage)
                self.training_norms[index]->use_batch(self.norm_parameters(step, self.parameters),
                                                      self.norm_statistics(step));
        }
    }
    self.logits.resize(self.batch.images * outputs());
    for (int image = 0; image < self.batch.images; ++image)
        std::copy_n(self.training_images->value(self.plan.steps.back().output, image, 0).row(0), outputs(),
                    &self.logits[image * outputs()]);
    return self.logits;
}

void Network::backward(std::span<const float> logits_gradient, std::span<float> gradient, ThreadPool& pool) {
    Impl& self = *impl_;
    if (self.batch.images == 0 || logits_gradient.size() != self.batch.images * outputs() ||
        gradient.size() != self.parameters.size())
        throw std::invalid_argument("backward() wants the gradients of the " +
                                    std::to_string(self.batch.images * outputs()) +
                                    " logits of the last forward() and room for " +
                                    std::to_string(self.parameters.size()) + " parameters");
    self.weight_gradients.set_batch(self.batch);
    const Step& last = self.plan.steps.back();
    for (int stage = self.plan.stages - 1; stage >= 0; --stage) {
        self.batch.for_images(pool, [&](int image, int thread) {
            if (stage == last.stage)
                std::copy_n(&logits_gradient[image * outputs()], outputs(),
                            self.training_images->gradient(last.output, image, thread).row(0));
            self.run_stage_back(stage, image, thread);
        });
        for (std::size_t index = 0; index < self.plan.steps.size(); ++index) {
            const Step& step = self.plan.steps[index];
            if (self.training_norms[index] && step.stage == stage)
                self.training_norms[index]->finish_gradient(self.norm_parameters(step, self.parameters),
                                                            self.norm_parameters(step, gradient));
        }
    }
    self.weight_gradients.sum(gradient, pool);
}

void Network::predict(std::span<const float> images, std::span<float> logits, ThreadPool& pool) const {
    Impl& self = *impl_;
    const int count = self.count_images(images);
    if (logits.size() != count * outputs())
        throw std::invalid_argument("predict() wants room for " + std::to_string(count * outputs()) +
                                    " logits, got " + std::to_string(logits.size()));
    if (!self.prediction_images || !self.prediction_images->suffice(pool.size(), pool.size()))
        self.prediction_images.emplace(self.plan, pool.size(), pool.size(), false);
    set_weights(self.plan, self.parameters, false, self.kernels);
    for (std::size_t index = 0; index < self.plan.steps.size(); ++index)
        if (self.running_norms[index])
            self.running_norms[index]->use_running(
                self.norm_parameters(self.plan.steps[index], self.parameters),
                self.norm_statistics(self.plan.steps[index]));
    const ForwardPass pass{self.plan, self.kernels, self.running_norms, *self.prediction_images};
    pool.run(count, [&](std::int64_t image, int thread) {
        std::ranges::copy(run_image(pass, &images[image * inputs()], thread), &logits[image * outputs()]);
    });
}

InferenceGraph Network::inference_graph() const {
    return export_graph(impl_->spec, impl_->plan, impl_->parameters, impl_->statistics);
}

}  // namespace emotion::ml
