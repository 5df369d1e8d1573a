#include "ml/optim/cross_entropy.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace emotion::ml {

void LabelAmongClasses::check(std::size_t examples, std::size_t all_classes) const {
    if (weight == 0) return;
    if (labels.size() != examples || std::ranges::any_of(classes, [&](auto k) { return k >= all_classes; }))
        throw std::invalid_argument(std::to_string(labels.size()) + " labels among classes do not go with " +
                                    std::to_string(examples) + " examples of " + std::to_string(all_classes) +
                                    " classes");
}

double LabelAmongClasses::add(std::size_t example, std::span<const double> logits,
                              std::span<double> gradient) const {
    if (weight == 0) return 0;
    const auto learned =
        std::ranges::find_if(classes, [&](std::size_t k) { return static_cast<int>(k) == labels[example]; });
    if (learned == classes.end()) return 0;
    double largest = logits[*learned], sum = 0;
    for (const std::size_t k : classes) largest = std::max(largest, logits[k]);
    for (const std::size_t k : classes) sum += std::exp(logits[k] - largest);
    const double log_sum = largest + std::log(sum);
    for (const std::size_t k : classes)
        gradient[k] += weight * (std::exp(logits[k] - log_sum) - (k == *learned ? 1.0 : 0.0));
    return weight * (log_sum - logits[*learned]);
}

double softmax_cross_entropy(std::span<const float> logits, std::span<const float> targets,
                             std::size_t classes, const CrossEntropyOptions& options,
                             std::span<float> gradient) {
    const auto [example_weights, label_smoothing, among] = options;
    const std::size_t examples = classes == 0 ? 0 : logits.size() / classes;
    if (examples * classes != logits.size() || targets.size() != logits.size() ||
        gradient.size() != logits.size() || (!example_weights.empty() && example_weights.size() != examples))
        throw std::invalid_argument(std::to_string(logits.size()) + " logits of " + std::to_string(classes) +
                                    " classes do not go with " + std::to_string(targets.size()) +
                                    " targets, " + std::to_string(example_weights.size()) +
                                    " weights and room for " + std::to_string(gradient.size()) +
                                    " gradients");
    among.check(examples, classes);
    const double total_weight = example_weights.empty()
                                    ? static_cast<double>(examples)
                                    : std::accumulate(example_weights.begin(), example_weights.end(), 0.0);
    if (!(total_weight > 0)) throw std::invalid_argument("a cross-entropy needs an example with weight");

    double loss = 0;
    std::vector<double> scaled(classes), residual(classes);
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
            residual[k] = std::exp(log_probability) - target;
        }
        loss += share * among.add(example, scaled, residual);
        for (std::size_t k = 0; k < classes; ++k)
            gradient[example * classes + k] = static_cast<float>(share * residual[k]);
    }
    return loss;
}

}  // namespace emotion::ml
