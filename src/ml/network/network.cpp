#include "ml/network/network.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "ml/network/network_pass.hpp"

namespace emotion::ml {
namespace {

std::vector<ParameterBlock> parameter_blocks_of(const NetworkPlan& plan) {
    std::vector<ParameterBlock> blocks;
    for (const Step& step : plan.steps) {
        const auto [weights, others, statistics, columns] = step.sizes;
        if (weights > 0) blocks.push_back({step.node, step.parameters, weights, true});
        if (others > 0) blocks.push_back({step.node, step.parameters + weights, others, false});
    }
    return blocks;
}

}  // namespace

struct Network::Impl {
    Impl(const Graph& made_from, std::optional<std::uint64_t> seed)
        : graph(made_from),
          plan(made_from),
          prediction_plan(made_from),
          blocks(parameter_blocks_of(plan)),
          state(initial_state(made_from, plan, seed)),
          weight_gradients(plan) {}

    int count_images(std::span<const float> images) const;
    NetworkPass training_pass() { return {plan, *training_images, true, dropout_seed}; }

    // Runs on one thread, for one image.
    void run_stage(int stage, int image, int thread);
    void run_stage_back(int stage, int image, int thread);

    Graph graph;
    NetworkPlan plan, prediction_plan;  // separate layers for training and prediction
    std::vector<ParameterBlock> blocks;
    NetworkState state;

    // Of the last forward() call.
    ImageChunks batch;
    std::uint64_t dropout_seed = 0;
    std::optional<NetworkImages> training_images;
    std::vector<float> logits;

    std::optional<NetworkImages> prediction_images;
    WeightGradients weight_gradients;
};

int Network::Impl::count_images(std::span<const float> images) const {
    if (images.empty() || images.size() % plan.inputs != 0)
        throw std::invalid_argument(std::to_string(images.size()) + " floats are no batch of images of " +
                                    std::to_string(plan.inputs));
    return static_cast<int>(images.size() / plan.inputs);
}

void Network::Impl::run_stage(int stage, int image, int thread) {
    const NetworkPass pass = training_pass();
    for (const Step& step : plan.steps)
        if (step.stage == stage) pass.run(step, image, thread);
    for (const Step& step : plan.steps)
        if (step.batch && step.input_stage == stage)
            step.batch->gather(training_images->value(step.inputs[0], image, thread), image);
}

void Network::Impl::run_stage_back(int stage, int image, int thread) {
    const NetworkPass pass = training_pass();
    for (const Step& step : plan.steps)
        if (step.stage == stage && !plan.places[step.output].kept) pass.run(step, image, thread);
    for (auto step = plan.steps.rbegin(); step != plan.steps.rend(); ++step) {
        if (step->stage != stage) continue;
        for (const int index : step->batch_readers) {
            const Step& reader = plan.steps[index];
            reader.layer->input_gradient(pass.images_of(reader, image, thread, true), 0,
                                         training_images->gradient(step->output, image, thread),
                                         reader.adds[0]);
        }
        pass.run_back(*step, weight_gradients, image, thread);
    }
}

Network::Network(const Graph& graph, std::uint64_t seed) : impl_(std::make_unique<Impl>(graph, seed)) {}
Network::Network(const Graph& trained) : impl_(std::make_unique<Impl>(trained, std::nullopt)) {}
Network::Network(const Network& other) : impl_(std::make_unique<Impl>(other.impl_->graph, 0)) {
    impl_->state = other.impl_->state;
}
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network other) noexcept {
    std::swap(impl_, other.impl_);
    return *this;
}
Network::~Network() = default;

const Graph& Network::graph() const {
    return impl_->graph;
}
std::size_t Network::inputs() const {
    return impl_->plan.inputs;
}
std::size_t Network::outputs() const {
    return impl_->plan.outputs;
}
std::span<float> Network::parameters() {
    return impl_->state.parameters;
}
std::span<const float> Network::parameters() const {
    return impl_->state.parameters;
}
const std::vector<ParameterBlock>& Network::parameter_blocks() const {
    return impl_->blocks;
}
std::span<float> Network::statistics() {
    return impl_->state.statistics;
}
std::span<const float> Network::statistics() const {
    return impl_->state.statistics;
}

std::span<const float> Network::forward(std::span<const float> images, std::uint64_t dropout_seed,
                                        ThreadPool& pool) {
    Impl& self = *impl_;
    self.batch = {self.count_images(images)};
    self.dropout_seed = dropout_seed;
    if (!self.training_images || !self.training_images->suffice(self.batch.images, pool.size()))
        self.training_images.emplace(self.plan, self.batch.images, pool.size(), true);
    self.plan.set_parameters(self.state.parameters, self.state.statistics, true);
    for (const Step& step : self.plan.steps)
        if (step.batch) step.batch->begin(self.batch.images);
    for (int stage = 0; stage < self.plan.stages; ++stage) {
        self.batch.for_images(pool, [&](int image, int thread) {
            if (stage == 0)
                read_planes(&images[image * inputs()], self.training_images->value(0, image, thread));
            self.run_stage(stage, image, thread);
        });
        for (const Step& step : self.plan.steps)
            if (step.batch && step.input_stage == stage)
                step.batch->finish(step.parameters_of(std::span<const float>(self.state.parameters)),
                                   step.statistics_of(std::span(self.state.statistics)));
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
        gradient.size() != self.state.parameters.size())
        throw std::invalid_argument("backward() wants the gradients of the " +
                                    std::to_string(self.batch.images * outputs()) +
                                    " logits of the last forward() and room for " +
                                    std::to_string(self.state.parameters.size()) + " parameters");
    self.weight_gradients.set_batch(self.batch);
    const Step& last = self.plan.steps.back();
    for (int stage = self.plan.stages - 1; stage >= 0; --stage) {
        self.batch.for_images(pool, [&](int image, int thread) {
            if (stage == last.stage)
                std::copy_n(&logits_gradient[image * outputs()], outputs(),
                            self.training_images->gradient(last.output, image, thread).row(0));
            self.run_stage_back(stage, image, thread);
        });
        for (const Step& step : self.plan.steps)
            if (step.batch && step.stage == stage)
                step.batch->finish_gradient(step.parameters_of(std::span<const float>(self.state.parameters)),
                                            step.parameters_of(gradient));
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
        self.prediction_images.emplace(self.prediction_plan, pool.size(), pool.size(), false);
    self.prediction_plan.set_parameters(self.state.parameters, self.state.statistics, false);
    const NetworkPass pass{self.prediction_plan, *self.prediction_images};
    pool.run(count, [&](std::int64_t image, int thread) {
        std::ranges::copy(pass.run_image(&images[image * inputs()], thread), &logits[image * outputs()]);
    });
}

Graph Network::inference_graph() const {
    return export_graph(impl_->graph, impl_->plan, impl_->state);
}

}  // namespace emotion::ml
