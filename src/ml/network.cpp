#include "ml/network.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/random.hpp"
#include "ml/batch_normalizer.hpp"
#include "ml/image_layers.hpp"
#include "ml/network_export.hpp"
#include "ml/network_forward.hpp"
#include "ml/overloaded.hpp"
#include "ml/vector.hpp"

namespace emotion::ml {
namespace {

// Gradients of weights are summed over the images of a chunk, and then over the chunks in order. The number
// is fixed, so that the sums are the same for any number of threads; more threads than this find no work.
constexpr int kChunks = 16;

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

    int chunks() const { return std::min(kChunks, batch); }
    int first_image(int chunk) const { return batch * chunk / chunks(); }
    int chunk_of(int image) const { return ((image + 1) * chunks() - 1) / batch; }
    template <class Body>
    void for_images(ThreadPool& pool, const Body& body) const;

    // What one thread does for one image.
    void run_step_back(const Step& step, const ForwardPass& pass, int image, int thread);
    void run_stage(int stage, int image, int thread);
    void run_stage_back(int stage, int image, int thread);

    void sum_partials(std::span<float> gradient, ThreadPool& pool);

    NetworkSpec spec;
    NetworkPlan plan;
    std::vector<ParameterBlock> blocks;
    std::vector<float> parameters, statistics;
    Kernels kernels;
    Norms training_norms, running_norms;

    // Of the last forward():
    int batch = 0;
    std::uint64_t dropout_seed = 0;
    std::optional<NetworkImages> training_images;
    std::vector<float> logits;

    std::optional<NetworkImages> prediction_images;
    // For each chunk the gradients of the kernels' weights, one after the other, with their padding.
    std::vector<AlignedFloats> partials;     // from the first backward() on
    std::vector<std::size_t> partial_begin;  // by step
    std::size_t partial_floats = 0;
};

Network::Impl::Impl(const NetworkSpec& network_spec)
    : spec(network_spec),
      plan(network_spec),
      blocks(parameter_blocks_of(plan)),
      parameters(plan.parameters),
      statistics(plan.statistics),
      kernels(make_kernels(plan)) {
    const Shape out = plan.places[plan.steps.back().output].layout.shape;
    if (out.height != 1 || out.width != 1)
        throw std::invalid_argument("a network must end in one number for each class, not in " + text(out));
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
        partial_begin.push_back(partial_floats);
        if (step.convolution)
            partial_floats += static_cast<std::size_t>(step.convolution->rows()) *
                              kernels[partial_begin.size() - 1]->padded_out();
    }
}

int Network::Impl::count_images(std::span<const float> images) const {
    const std::size_t inputs =
        static_cast<std::size_t>(spec.input.channels) * spec.input.height * spec.input.width;
    if (images.empty() || images.size() % inputs != 0)
        throw std::invalid_argument(std::to_string(images.size()) + " floats are no batch of images of " +
                                    std::to_string(inputs));
    return static_cast<int>(images.size() / inputs);
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

// Calls body(image, thread) for every image of the batch; those of one chunk follow one another on one
// thread.
template <class Body>
void Network::Impl::for_images(ThreadPool& pool, const Body& body) const {
    pool.run(chunks(), [&](std::int64_t chunk, int thread) {
        for (int image = first_image(static_cast<int>(chunk));
             image < first_image(static_cast<int>(chunk) + 1); ++image)
            body(image, thread);
    });
}

void Network::Impl::run_step_back(const Step& step, const ForwardPass& pass, int image, int thread) {
    const auto index = static_cast<std::size_t>(&step - plan.steps.data());
    const ImageView in = pass.images.value(step.inputs[0], image, thread);
    const ImageView out = pass.images.value(step.output, image, thread);
    const ImageView out_gradient = pass.images.gradient(step.output, image, thread);
    if (step.convolution) {
        const int chunk = chunk_of(image);
        kernels[index]->weight_gradient(in, out_gradient, partials[chunk].data() + partial_begin[index],
                                        image != first_image(chunk));
    }
    if (std::holds_alternative<layer::BatchNorm>(step.kind)) {
        training_norms[index]->gather_gradient(in, step.with_relu, out_gradient, image);
        return;
    }
    for (std::size_t input = 0; input < step.inputs.size(); ++input) {
        if (step.inputs[input] == 0) continue;  // nobody asks for the gradient of pictures
        const ImageView gradient = pass.images.gradient(step.inputs[input], image, thread);
        const bool adds = step.adds[input];
        const auto convolve = [&](const auto&) {
            kernels[index]->input_gradient(out_gradient, gradient, adds);
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
        run_step_back(*step, pass, image, thread);
    }
}

void Network::Impl::sum_partials(std::span<float> gradient, ThreadPool& pool) {
    const std::int64_t slices = 64, vectors = static_cast<std::int64_t>(partials[0].size()) / kVectorWidth;
    pool.run(slices, [&](std::int64_t slice, int) {
        for (std::int64_t vector = vectors * slice / slices; vector < vectors * (slice + 1) / slices;
             ++vector) {
            float* sum = partials[0].data() + vector * kVectorWidth;
            Vector total = load(sum);
            for (int chunk = 1; chunk < chunks(); ++chunk)
                total += load(partials[chunk].data() + vector * kVectorWidth);
            store(sum, total);
        }
    });
    for (std::size_t index = 0; index < plan.steps.size(); ++index) {
        if (!kernels[index]) continue;
        const ConvolutionGeometry& geometry = kernels[index]->geometry();
        for (int row = 0; row < geometry.rows(); ++row)
            std::copy_n(partials[0].data() + partial_begin[index] + row * kernels[index]->padded_out(),
                        geometry.out.channels,
                        &gradient[plan.steps[index].parameters +
                                  static_cast<std::size_t>(row) * geometry.out.channels]);
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
    const Shape& in = impl_->spec.input;
    return static_cast<std::size_t>(in.channels) * in.height * in.width;
}
std::size_t Network::outputs() const {
    return impl_->plan.places[impl_->plan.steps.back().output].layout.shape.channels;
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
    self.batch = self.count_images(images);
    self.dropout_seed = dropout_seed;
    if (!self.training_images || !self.training_images->suffice(self.batch, pool.size()))
        self.training_images.emplace(self.plan, self.batch, pool.size(), true);
    for (auto& norm : self.training_norms)
        if (norm) norm->set_images(self.batch);
    set_weights(self.plan, self.parameters, true, self.kernels);
    for (int stage = 0; stage < self.plan.stages; ++stage) {
        self.for_images(pool, [&](int image, int thread) {
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
    self.logits.resize(self.batch * outputs());
    for (int image = 0; image < self.batch; ++image)
        std::copy_n(self.training_images->value(self.plan.steps.back().output, image, 0).row(0), outputs(),
                    &self.logits[image * outputs()]);
    return self.logits;
}

void Network::backward(std::span<const float> logits_gradient, std::span<float> gradient, ThreadPool& pool) {
    Impl& self = *impl_;
    if (self.batch == 0 || logits_gradient.size() != self.batch * outputs() ||
        gradient.size() != self.parameters.size())
        throw std::invalid_argument("backward() wants the gradients of the " +
                                    std::to_string(self.batch * outputs()) +
                                    " logits of the last forward() and room for " +
                                    std::to_string(self.parameters.size()) + " parameters");
    while (self.partials.size() < kChunks) self.partials.emplace_back(self.partial_floats);
    const Step& last = self.plan.steps.back();
    for (int stage = self.plan.stages - 1; stage >= 0; --stage) {
        self.for_images(pool, [&](int image, int thread) {
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
    self.sum_partials(gradient, pool);
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
    pool.run(
        count, [&](std::int64_t image, int thread) {  // each thread keeps to a place of its own in the batch
            read_planes(&images[image * inputs()], self.prediction_images->value(0, thread, thread));
            for (const Step& step : self.plan.steps) run_step(step, pass, thread, thread);
            std::copy_n(self.prediction_images->value(self.plan.steps.back().output, thread, thread).row(0),
                        outputs(), &logits[image * outputs()]);
        });
}

InferenceGraph Network::inference_graph() const {
    return export_graph(impl_->spec, impl_->plan, impl_->parameters, impl_->statistics);
}

}  // namespace emotion::ml
