#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/parallel.hpp"
#include "ml/core/api.hpp"
#include "ml/network/network.hpp"
#include "ml/optim/cross_entropy.hpp"
#include "ml/optim/learning_rate.hpp"
#include "ml/optim/network_optimizer.hpp"

namespace emotion::ml {

struct NetworkTrainingOptions {
    /// Of the whole training; the learning rate's schedule is stretched over them.
    std::int64_t steps = 0;
    LearningRateSchedule learning_rate;
    OptimizerOptions optimizer = AdamW{};
    double label_smoothing = 0.1;  ///< in [0, 1): see softmax_cross_entropy()
    /// How much of the averaged weights stays at each step (Polyak and Juditsky, 1992, with exponential
    /// forgetting); 0: the average is the last. Early steps forget faster: at step t no more than
    /// (1+t)/(10+t) stays.
    double averaging = 0.0;
    /// Of the first weights and of dropout.
    std::uint64_t seed = 1;

    /// Throws ConfigError naming the option, its value and the limit.
    EMOTION_ML_API void validate() const;
};

struct StepResult {
    double loss = 0, learning_rate = 0;
    /// The batch's logits in training mode, (N, outputs); valid until the next step.
    std::span<const float> logits;
};

/// All that a training carries from one step to the next, for a checkpoint.
struct NetworkTrainingState {
    std::int64_t steps = 0;
    /// Parameters, running statistics, averages of both, the optimiser's moments.
    std::vector<float> numbers;
};

/// A network being trained. The same seed and batches give the same weights bit for bit, whatever the number
/// of threads and wherever it was interrupted and restored. One caller at a time.
class EMOTION_ML_API NetworkTrainer {
  public:
    /// Throws ConfigError for options that do not hold, std::invalid_argument as Network does.
    NetworkTrainer(const Graph& graph, const NetworkTrainingOptions& options);
    /// Goes on from given weights.
    NetworkTrainer(Network network, const NetworkTrainingOptions& options);

    /// Images (N, channels, height, width), targets (N, outputs) of distributions, example_weights (N) or
    /// empty.
    StepResult step(std::span<const float> images, std::span<const float> targets,
                    std::span<const float> example_weights, ThreadPool& pool);
    std::int64_t steps() const { return optimizer_.steps(); }

    const Network& network() const { return network_; }
    /// With averaged weights and running statistics.
    Network averaged_network() const;

    NetworkTrainingState state() const;
    /// Throws std::invalid_argument if the state is another network's or another optimiser's.
    void restore(const NetworkTrainingState& state);

  private:
    void update_averages();

    NetworkTrainingOptions options_;
    Network network_;
    NetworkOptimizer optimizer_;
    std::vector<float> averaged_parameters_, averaged_statistics_;
    std::vector<float> logits_gradient_, gradient_;
};

}  // namespace emotion::ml
