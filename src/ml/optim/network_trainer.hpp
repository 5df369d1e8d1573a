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
    /// Total number of steps, over which the learning rate schedule extends.
    std::int64_t steps = 0;
    LearningRateSchedule learning_rate;
    OptimizerOptions optimizer = AdamW{};
    double label_smoothing = 0.1;  ///< in [0, 1): see softmax_cross_entropy()
    /// The decay of the moving average of the weights (Polyak and Juditsky, 1992, with exponential
    /// forgetting); 0: the average is the last value. At step t it is at most (1+t)/(10+t), so that early
    /// steps are forgotten faster.
    double averaging = 0.0;
    /// Seeds the initial weights and dropout.
    std::uint64_t seed = 1;

    /// Throws ConfigError naming the option, its value and the limit.
    EMOTION_ML_API void validate() const;
};

struct TrainingBatch {
    std::span<const float> images;        ///< (N, channels, height, width)
    std::span<const float> targets;       ///< (N, outputs): distributions
    std::span<const float> weights = {};  ///< (N); empty: equal
    LabelAmongClasses among = {};         ///< see softmax_cross_entropy()
};

struct StepResult {
    double loss = 0, learning_rate = 0;
    /// The batch's logits in training mode, (N, outputs); valid until the next step.
    std::span<const float> logits;
};

/// The state of a training between steps, for a checkpoint.
struct NetworkTrainingState {
    std::int64_t steps = 0;
    /// Parameters, running statistics, averages of both, the optimizer's moments.
    std::vector<float> numbers;
};

/// A network in training. The same seed and batches give the same weights bit for bit, regardless of the
/// number of threads and of interruptions. One caller at a time.
class EMOTION_ML_API NetworkTrainer {
  public:
    /// Throws ConfigError for invalid options, std::invalid_argument as Network does.
    NetworkTrainer(const Graph& graph, const NetworkTrainingOptions& options);
    /// Continues from given weights.
    NetworkTrainer(Network network, const NetworkTrainingOptions& options);

    StepResult step(const TrainingBatch& batch, ThreadPool& pool);
    std::int64_t steps() const { return optimizer_.steps(); }

    const Network& network() const { return network_; }
    /// The network with averaged weights and running statistics.
    Network averaged_network() const;

    NetworkTrainingState state() const;
    /// Throws std::invalid_argument if the state belongs to another network or optimizer.
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
