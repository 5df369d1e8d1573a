#include "ml/optim/network_optimizer.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "ml/core/overloaded.hpp"

namespace emotion::ml {
namespace {

/// One step of a block of parameters.
struct BlockStep {
    std::span<float> parameters;
    std::span<const float> gradient;
    double learning_rate;
    bool decays;
};

void take_step(const AdamW& adam, std::int64_t step, const BlockStep& block, float* means, float* squares) {
    const auto [parameters, gradient, learning_rate, decays] = block;
    const double mean_correction = 1 - std::pow(adam.beta1, static_cast<double>(step));
    const double square_correction = 1 - std::pow(adam.beta2, static_cast<double>(step));
    const auto kept = static_cast<float>(1 - (decays ? learning_rate * adam.weight_decay : 0.0));
    const auto rate = static_cast<float>(learning_rate / mean_correction);
    const auto square_factor = static_cast<float>(1 / square_correction);
    const auto new_mean = static_cast<float>(1 - adam.beta1), new_square = static_cast<float>(1 - adam.beta2);
    const auto epsilon = static_cast<float>(adam.epsilon);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        means[i] += new_mean * (gradient[i] - means[i]);
        squares[i] += new_square * (gradient[i] * gradient[i] - squares[i]);
        parameters[i] =
            kept * parameters[i] - rate * means[i] / (std::sqrt(square_factor * squares[i]) + epsilon);
    }
}

void take_step(const Sgd& sgd, const BlockStep& block, float* velocities) {
    const auto [parameters, gradient, learning_rate, decays] = block;
    const auto momentum = static_cast<float>(sgd.momentum), rate = static_cast<float>(learning_rate);
    const auto decay = static_cast<float>(decays ? sgd.weight_decay : 0.0);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const float slope = gradient[i] + decay * parameters[i];
        velocities[i] = momentum * velocities[i] + slope;
        parameters[i] -= rate * (sgd.nesterov ? slope + momentum * velocities[i] : velocities[i]);
    }
}

}  // namespace

NetworkOptimizer::NetworkOptimizer(const OptimizerOptions& options, std::vector<ParameterBlock> blocks)
    : options_(options), blocks_(std::move(blocks)) {
    for (const ParameterBlock& block : blocks_)
        parameters_ = std::max(parameters_, block.begin + block.count);
    moments_.assign(parameters_ * (std::holds_alternative<AdamW>(options_) ? 2 : 1), 0.0f);
}

void NetworkOptimizer::step(std::span<float> parameters, std::span<const float> gradient,
                            double learning_rate) {
    if (parameters.size() != parameters_ || gradient.size() != parameters_)
        throw std::invalid_argument("an optimiser of " + std::to_string(parameters_) +
                                    " parameters was given " + std::to_string(parameters.size()) +
                                    " with a gradient of " + std::to_string(gradient.size()));
    ++steps_;
    for (const ParameterBlock& block : blocks_) {
        const BlockStep step{parameters.subspan(block.begin, block.count),
                             gradient.subspan(block.begin, block.count), learning_rate, block.decays};
        float* moments = &moments_[block.begin];
        std::visit(
            Overloaded{
                [&](const AdamW& adam) { take_step(adam, steps_, step, moments, moments + parameters_); },
                [&](const Sgd& sgd) { take_step(sgd, step, moments); },
            },
            options_);
    }
}

}  // namespace emotion::ml
