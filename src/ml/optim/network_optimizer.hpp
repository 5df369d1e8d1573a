#pragma once

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "ml/core/api.hpp"
#include "ml/network/network.hpp"

namespace emotion::ml {

/// Loshchilov and Hutter, "Decoupled weight decay regularization", 2019: each step shrinks the weights by
/// learning rate * weight_decay, independently of the gradient.
struct AdamW {
    double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
    double weight_decay = 1e-2;
};

/// Stochastic gradient descent with momentum, by default Nesterov's, as in PyTorch: the velocity accumulates
/// gradients, and each step multiplies it by the current learning rate. In Sutskever et al. ("On the
/// importance of initialization and momentum", 2013) the velocity includes past learning rates, which is
/// equivalent only while the rate is constant. The penalty weight_decay / 2 * |w|^2 is part of the loss.
struct Sgd {
    double momentum = 0.9;
    bool nesterov = true;
    double weight_decay = 5e-4;
};

using OptimizerOptions = std::variant<AdamW, Sgd>;

/// Updates parameters by their gradients. Weight decay applies only to blocks with `decays`.
class EMOTION_ML_API NetworkOptimizer {
  public:
    NetworkOptimizer(const OptimizerOptions& options, std::vector<ParameterBlock> blocks);

    /// Both spans cover all blocks; throws std::invalid_argument otherwise.
    void step(std::span<float> parameters, std::span<const float> gradient, double learning_rate);

    /// The state between steps, for checkpoints: moving averages, and the number of steps taken.
    std::span<float> moments() { return moments_; }
    std::span<const float> moments() const { return moments_; }
    std::int64_t steps() const { return steps_; }
    void set_steps(std::int64_t steps) { steps_ = steps; }

  private:
    OptimizerOptions options_;
    std::vector<ParameterBlock> blocks_;
    std::size_t parameters_ = 0;
    std::vector<float> moments_;
    std::int64_t steps_ = 0;
};

}  // namespace emotion::ml
