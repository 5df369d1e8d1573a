#include "ml/optim/cross_entropy.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace emotion::ml {

double softmax_cross_entropy(std::span<const float> logits, std::span<const float> targets,
                             std::size_t classes, const CrossEntropyOptions& options,
                             std::span<float> gradient) {
    const auto [example_weights, label_smoothing] = options;
    const std::size_t examples = classes == 0 ? 0 : logits.size() / classes;
    if (examples * classes != logits.size() || targets.size() != logits.size() ||
        gradient.size() != logits.size() || (!example_weights.empty() && example_weights.size() != examples))
        throw std::invalid_argument(std::to_string(logits.size()) + " logits of " + std::to_string(classes) +
                                    " classes do not go with " + std::to_string(targets.size()) +
                                    " targets, " + std::to_string(example_weights.size()) +
                                    " weights and room for " + std::to_string(gradient.size()) +
                                    " gradients");
    const double total_weight = example_weights.empty()
                                    ? static_cast<double>(examples)
                                    : std::accumulate(example_weights.begin(), example_weights.end(), 0.0);
    if (!(total_weight > 0)) throw std::invalid_argument("a cross-entropy needs an example with weight");

    double loss = 0;
    std::vector<double> scaled(classes);
    for (std::size_t example = 0; example < examples; ++example) {
        const auto row = logits.subspan(example * classes, classes);
        const double share = (example_weights.empty() ? 1.0 : example_weights[example]) / total_weight;
        const double largest = *std::max_element(row.begin(), row.end());
        double sum = 0;
        for (std::size_t k = 0; k < classes; ++k) {
            scaled[k] = row[k] - largest;
            sum += std::exp(scaled[k]);
        }
        const double log_sum = std::log(sum);
        for (std::size_t k = 0; k < classes; ++k) {
            const double target = (1 - label_smoothing) * targets[example * classes + k] +
                                  label_smoothing / static_cast<double>(classes);
            const double log_probability = scaled[k] - log_sum;
            loss -= share * target * log_probability;
            gradient[example * classes + k] =
                static_cast<float>(share * (std::exp(log_probability) - target));
        }
    }
    return loss;
}

}  // namespace emotion::ml
