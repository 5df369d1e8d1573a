#include "ml/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

namespace emotion::ml {
namespace {

/// The derivative by `beta` of the mean of -log softmax(beta * logits)[label]: the expected logit less the
/// truth's. It grows with beta, for the loss is convex in it.
double slope(std::span<const double> logits, int classes, std::span<const int> labels, double beta) {
    double sum = 0.0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const auto row = logits.subspan(i * classes, classes);
        const double largest = *std::max_element(row.begin(), row.end());
        double weights = 0.0, weighted = 0.0;
        for (const double logit : row) {
            const double weight = std::exp(beta * (logit - largest));
            weights += weight;
            weighted += weight * logit;
        }
        sum += weighted / weights - row[labels[i]];
    }
    return sum / static_cast<double>(labels.size());
}

}  // namespace

double fit_temperature(std::span<const float> logits, int outputs, std::span<const int> labels) {
    if (outputs < 1 || labels.empty() || logits.size() != labels.size() * outputs)
        throw std::invalid_argument("fit_temperature: " + std::to_string(logits.size()) + " logits for " +
                                    std::to_string(labels.size()) + " labels of " + std::to_string(outputs) +
                                    " outputs");
    const int classes = std::max(outputs, 2);
    for (const int label : labels)
        if (label < 0 || label >= classes)
            throw std::invalid_argument("fit_temperature: label " + std::to_string(label) + " among " +
                                        std::to_string(classes) + " classes");
    std::vector<double> rows;
    for (const float logit : logits) {
        if (outputs == 1) rows.push_back(0.0);
        rows.push_back(logit);
    }
    double low = std::log(1.0 / 20.0), high = std::log(1.0 / 0.05);  // of beta = 1 / temperature
    for (int step = 0; step < 50; ++step) {
        const double middle = 0.5 * (low + high);
        (slope(rows, classes, labels, std::exp(middle)) < 0.0 ? low : high) = middle;
    }
    return std::exp(-0.5 * (low + high));
}

std::optional<double> threshold_for_precision(std::span<const double> confidence,
                                              std::span<const std::uint8_t> right, double precision) {
    if (confidence.size() != right.size())
        throw std::invalid_argument("threshold_for_precision: " + std::to_string(confidence.size()) +
                                    " confidences beside " + std::to_string(right.size()) + " answers");
    std::vector<std::size_t> order(confidence.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return confidence[a] > confidence[b]; });
    std::optional<double> threshold;
    double right_so_far = 0.0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        right_so_far += right[order[i]];
        const bool tie_goes_on = i + 1 < order.size() && confidence[order[i + 1]] == confidence[order[i]];
        if (!tie_goes_on && right_so_far >= precision * static_cast<double>(i + 1))
            threshold = confidence[order[i]];
    }
    return threshold;
}

}  // namespace emotion::ml
