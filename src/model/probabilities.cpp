#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/error.hpp"
#include "model/model_card.hpp"

namespace emotion::model {
namespace {

/// log(1 + exp(x)) without overflow.
double softplus(double x) {
    return std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
}

/// Raw outputs as logits of all classes, the arguments of a softmax.
std::vector<double> logits_of(std::span<const float> outputs, const ModelCard& card) {
    std::vector<double> logits(outputs.begin(), outputs.end());
    if (card.activation == Activation::kNone) {
        // Probabilities computed by a network can be 0, or negative by a rounding error.
        constexpr double kSmallest = 1e-12;
        if (logits.size() == 1) logits.insert(logits.begin(), 1.0 - logits[0]);
        for (double& logit : logits) logit = std::log(std::max(logit, kSmallest));
    } else if (logits.size() == 1) {
        logits.insert(logits.begin(), 0.0);  // sigmoid(z) is the softmax of (0, z)
    }
    return logits;
}

}  // namespace

std::vector<float> softmax(std::vector<double> logits) {
    const double largest = *std::max_element(logits.begin(), logits.end());
    double sum = 0.0;
    for (double& logit : logits) sum += logit = std::exp(logit - largest);
    std::vector<float> probabilities;
    for (const double part : logits) probabilities.push_back(static_cast<float>(part / sum));
    return probabilities;
}

bool fits_outputs(std::size_t outputs, const ModelCard& card) {
    return outputs == card.classes.size() ||
           (outputs == 1 && card.classes.size() == 2 && card.activation != Activation::kSoftmax);
}

std::vector<float> to_probabilities(std::span<const float> outputs, const ModelCard& card) {
    if (!fits_outputs(outputs.size(), card))
        throw std::invalid_argument(std::to_string(outputs.size()) + " outputs for " +
                                    std::to_string(card.classes.size()) + " classes");
    if (!card.bias.empty() && card.bias.size() != card.classes.size())
        throw std::invalid_argument(std::to_string(card.bias.size()) + " biases for " +
                                    std::to_string(card.classes.size()) + " classes");
    if (!std::all_of(outputs.begin(), outputs.end(), [](float output) { return std::isfinite(output); }))
        throw Error("the model " + card.name + " answered with a number that is not finite");

    auto logits = logits_of(outputs, card);
    for (std::size_t i = 0; i < logits.size(); ++i)
        logits[i] = logits[i] / card.temperature + (card.bias.empty() ? 0.0 : card.bias[i]);
    // Normalized sigmoids are the softmax of their logarithms.
    if (card.activation == Activation::kSigmoid && outputs.size() > 1)
        for (double& logit : logits) logit = -softplus(-logit);
    return softmax(std::move(logits));
}

double evidence_for(const ShownClass& shown, std::span<const float> probabilities) {
    double evidence = probabilities[static_cast<std::size_t>(shown.class_index)];
    for (const auto& [other, share] : shown.penalties)
        evidence -= share * probabilities[static_cast<std::size_t>(other)];
    return evidence;
}

std::optional<int> shown_label(std::span<const float> probabilities, const ModelCard& card) {
    std::optional<int> label;
    double furthest = 0.0;
    for (const auto& shown : card.shown) {
        const double evidence = evidence_for(shown, probabilities);
        const double needed = static_cast<float>(shown.min_probability);
        const double reach = evidence / std::max(needed, 1e-6);
        if (evidence < needed || reach <= furthest) continue;
        label = shown.class_index;
        furthest = reach;
    }
    return label;
}

}  // namespace emotion::model
