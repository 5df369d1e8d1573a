#include "ml/optim/network_trainer.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/option_check.hpp"
#include "base/random.hpp"

namespace emotion::ml {
namespace {

void move_towards(std::span<const float> target, double share, std::span<float> average) {
    const auto stays = static_cast<float>(1 - share), comes = static_cast<float>(share);
    for (std::size_t i = 0; i < average.size(); ++i) average[i] = stays * average[i] + comes * target[i];
}

}  // namespace

void NetworkTrainingOptions::validate() const {
    const auto check_share = [](const char* option, double value) {
        check_option(option, value, value >= 0 && value < 1, "a number in [0, 1)");
    };
    check_option("steps", static_cast<double>(steps), steps > 0, "at least 1");
    check_option("learning_rate.peak", learning_rate.peak, learning_rate.peak > 0, "a positive number");
    check_option("learning_rate.warmup", learning_rate.warmup,
                 learning_rate.warmup >= 0 && learning_rate.warmup <= 1, "a number in [0, 1]");
    check_option("learning_rate.end", learning_rate.end, learning_rate.end >= 0, "0 or more");
    check_share("label_smoothing", label_smoothing);
    check_share("averaging", averaging);
    if (const auto* adam = std::get_if<AdamW>(&optimizer)) {
        check_share("optimizer.beta1", adam->beta1);
        check_share("optimizer.beta2", adam->beta2);
        check_option("optimizer.epsilon", adam->epsilon, adam->epsilon > 0, "a positive number");
        check_option("optimizer.weight_decay", adam->weight_decay, adam->weight_decay >= 0, "0 or more");
    }
    if (const auto* sgd = std::get_if<Sgd>(&optimizer)) {
        check_share("optimizer.momentum", sgd->momentum);
        check_option("optimizer.weight_decay", sgd->weight_decay, sgd->weight_decay >= 0, "0 or more");
    }
}

NetworkTrainer::NetworkTrainer(const Graph& graph, const NetworkTrainingOptions& options)
    : NetworkTrainer(Network(graph, options.seed), options) {}

NetworkTrainer::NetworkTrainer(Network network, const NetworkTrainingOptions& options)
    : options_(options),
      network_(std::move(network)),
      optimizer_(options.optimizer, network_.parameter_blocks()) {
    options_.validate();
    averaged_parameters_.assign(network_.parameters().begin(), network_.parameters().end());
    averaged_statistics_.assign(network_.statistics().begin(), network_.statistics().end());
    gradient_.resize(network_.parameters().size());
}

StepResult NetworkTrainer::step(const TrainingBatch& batch, ThreadPool& pool) {
    StepResult result;
    result.learning_rate = learning_rate(options_.learning_rate, steps(), options_.steps);
    const std::uint64_t dropout_seed = Random(options_.seed, static_cast<std::uint64_t>(steps())).bits();
    result.logits = network_.forward(batch.images, dropout_seed, pool);
    logits_gradient_.resize(result.logits.size());
    result.loss =
        softmax_cross_entropy(result.logits, batch.targets, network_.outputs(),
                              {batch.weights, options_.label_smoothing, batch.among}, logits_gradient_);
    network_.backward(logits_gradient_, gradient_, pool);
    optimizer_.step(network_.parameters(), gradient_, result.learning_rate);
    update_averages();
    return result;
}

void NetworkTrainer::update_averages() {
    const double step = static_cast<double>(steps());
    const double share = 1 - std::min(options_.averaging, (1 + step) / (10 + step));
    move_towards(network_.parameters(), share, averaged_parameters_);
    move_towards(network_.statistics(), share, averaged_statistics_);
}

Network NetworkTrainer::averaged_network() const {
    Network averaged = network_;
    std::ranges::copy(averaged_parameters_, averaged.parameters().begin());
    std::ranges::copy(averaged_statistics_, averaged.statistics().begin());
    return averaged;
}

NetworkTrainingState NetworkTrainer::state() const {
    NetworkTrainingState state{steps(), {}};
    for (const std::span<const float> part :
         {network_.parameters(), network_.statistics(), std::span<const float>(averaged_parameters_),
          std::span<const float>(averaged_statistics_), optimizer_.moments()})
        state.numbers.insert(state.numbers.end(), part.begin(), part.end());
    return state;
}

void NetworkTrainer::restore(const NetworkTrainingState& state) {
    const std::array<std::span<float>, 5> parts = {network_.parameters(), network_.statistics(),
                                                   averaged_parameters_, averaged_statistics_,
                                                   optimizer_.moments()};
    std::size_t expected = 0;
    for (const std::span<float> part : parts) expected += part.size();
    if (state.numbers.size() != expected || state.steps < 0 || state.steps > options_.steps)
        throw std::invalid_argument("a state of " + std::to_string(state.numbers.size()) +
                                    " numbers at step " + std::to_string(state.steps) +
                                    " is not of this training, which has " + std::to_string(expected) +
                                    " and " + std::to_string(options_.steps) + " steps");
    std::span<const float> rest = state.numbers;
    for (const std::span<float> part : parts) {
        std::ranges::copy(rest.first(part.size()), part.begin());
        rest = rest.subspan(part.size());
    }
    optimizer_.set_steps(state.steps);
}

}  // namespace emotion::ml
