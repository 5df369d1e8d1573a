#include "ml/optim/gradient_descent.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "base/random.hpp"

namespace emotion::ml {
namespace {

void step(std::vector<double>& parameters, const std::vector<double>& gradient, double learning_rate) {
    for (std::size_t j = 0; j < parameters.size(); ++j) parameters[j] -= learning_rate * gradient[j];
}

/// The pass that computes the loss after an update also gives the next gradient: one pass per epoch.
void descend_full(LogisticObjective& objective, const GradientDescentOptions& options,
                  const EpochCallback& after_epoch, std::vector<double>& parameters) {
    std::vector<double> gradient(parameters.size());
    objective.evaluate(parameters, gradient);
    for (int epoch = 1; epoch <= options.epochs; ++epoch) {
        step(parameters, gradient, options.learning_rate);
        if (!after_epoch(epoch, objective.evaluate(parameters, gradient), parameters)) return;
    }
}

void descend_in_batches(LogisticObjective& objective, const GradientDescentOptions& options,
                        const EpochCallback& after_epoch, std::vector<double>& parameters) {
    std::vector<double> gradient(parameters.size());
    std::vector<std::uint32_t> order(objective.rows().begin(), objective.rows().end());
    Random random(options.seed);
    const auto batch_size = static_cast<std::size_t>(options.batch_size);
    for (int epoch = 1; epoch <= options.epochs; ++epoch) {
        shuffle(std::span(order), random);
        for (std::size_t first = 0; first < order.size(); first += batch_size) {
            const auto batch = std::span(order).subspan(first, std::min(batch_size, order.size() - first));
            if (options.drop_last && batch.size() < batch_size) break;
            objective.evaluate_batch(batch, parameters, gradient);
            step(parameters, gradient, options.learning_rate);
        }
        if (!after_epoch(epoch, objective.evaluate(parameters, {}), parameters)) return;
    }
}

}  // namespace

std::vector<double> descend(LogisticObjective& objective, const GradientDescentOptions& options,
                            const EpochCallback& after_epoch) {
    if (!(options.learning_rate > 0.0) || options.epochs < 1 || options.batch_size < 0)
        throw std::invalid_argument("descend: learning rate " + std::to_string(options.learning_rate) + ", " +
                                    std::to_string(options.epochs) + " epochs, batches of " +
                                    std::to_string(options.batch_size));
    if (options.drop_last && objective.rows().size() < static_cast<std::size_t>(options.batch_size))
        throw std::invalid_argument("descend: " + std::to_string(objective.rows().size()) +
                                    " rows fill no batch of " + std::to_string(options.batch_size) +
                                    ", and batches that are not full are left out");
    std::vector<double> parameters(static_cast<std::size_t>(objective.parameters()), 0.0);
    (options.batch_size == 0 ? descend_full : descend_in_batches)(objective, options, after_epoch,
                                                                  parameters);
    return parameters;
}

}  // namespace emotion::ml
