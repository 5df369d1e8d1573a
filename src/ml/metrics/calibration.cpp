#include "ml/metrics/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "ml/metrics/curves.hpp"
#include "ml/optim/lbfgs.hpp"

namespace emotion::ml {
namespace {

/// Keeps the solution finite where the logits separate the classes perfectly.
constexpr double kRidge = 1e-5;
/// A slope is the inverse of a temperature. With few pictures that a model knows nothing about, the best one
/// may even be negative.
constexpr double kMinSlope = 0.05, kMaxSlope = 20.0;

/// The mean cross-entropy between targets and softmax(beta * logits + bias) and its gradient, convex in
/// (beta, bias of classes 1, ...).
class CalibrationLoss {
  public:
    CalibrationLoss(std::span<const float> logits, int outputs, std::span<const float> targets,
                    const LabelAmongClasses& among)
        : targets_(targets), among_(among), classes_(static_cast<std::size_t>(std::max(outputs, 2))) {
        for (const float logit : logits) {
            if (outputs == 1) logits_.push_back(0.0);
            logits_.push_back(logit);
        }
    }

    double operator()(std::span<const double> x, std::span<double> gradient) const {
        double loss = 0.0;
        std::fill(gradient.begin(), gradient.end(), 0.0);
        std::vector<double> calibrated(classes_), residual(classes_);
        const std::size_t pictures = targets_.size() / classes_;
        for (std::size_t i = 0; i < pictures; ++i) {
            const auto target = targets_.subspan(i * classes_, classes_);
            const double* logits = &logits_[i * classes_];
            for (std::size_t k = 0; k < classes_; ++k)
                calibrated[k] = x[0] * logits[k] + (k > 0 ? x[k] : 0.0);
            const double largest = *std::max_element(calibrated.begin(), calibrated.end());
            double sum = 0.0;
            for (const double logit : calibrated) sum += std::exp(logit - largest);
            for (std::size_t k = 0; k < classes_; ++k) {
                if (target[k] > 0.0f) loss += target[k] * (largest + std::log(sum) - calibrated[k]);
                residual[k] = std::exp(calibrated[k] - largest) / sum - target[k];
            }
            loss += among_.add(i, calibrated, residual);
            for (std::size_t k = 0; k < classes_; ++k) {
                gradient[0] += residual[k] * logits[k];
                if (k > 0) gradient[k] += residual[k];
            }
        }
        const auto samples = static_cast<double>(pictures);
        loss /= samples;
        for (std::size_t k = 0; k < gradient.size(); ++k) {
            const double distance = x[k] - (k == 0 ? 1.0 : 0.0);
            gradient[k] = gradient[k] / samples + kRidge * distance;
            loss += 0.5 * kRidge * distance * distance;
        }
        return loss;
    }

  private:
    std::vector<double> logits_;
    std::span<const float> targets_;
    const LabelAmongClasses& among_;
    std::size_t classes_;
};

}  // namespace

Calibration fit_calibration(std::span<const float> logits, int outputs, std::span<const int> labels) {
    const auto classes = static_cast<std::size_t>(std::max(outputs, 2));
    std::vector<float> targets(labels.size() * classes, 0.0f);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (labels[i] < 0 || static_cast<std::size_t>(labels[i]) >= classes)
            throw std::invalid_argument("fit_calibration: label " + std::to_string(labels[i]) + " among " +
                                        std::to_string(classes) + " classes");
        targets[i * classes + static_cast<std::size_t>(labels[i])] = 1.0f;
    }
    return fit_calibration(logits, outputs, std::span<const float>(targets));
}

Calibration fit_calibration(std::span<const float> logits, int outputs, std::span<const float> targets,
                            const LabelAmongClasses& among) {
    const auto classes = static_cast<std::size_t>(std::max(outputs, 2));
    const std::size_t pictures = targets.size() / classes;
    if (outputs < 1 || targets.empty() || pictures * classes != targets.size() ||
        logits.size() != pictures * static_cast<std::size_t>(outputs))
        throw std::invalid_argument("fit_calibration: " + std::to_string(logits.size()) + " logits for " +
                                    std::to_string(pictures) + " labels of " + std::to_string(outputs) +
                                    " outputs");
    among.check(pictures, classes);
    const CalibrationLoss loss(logits, outputs, targets, among);
    std::vector<double> x(classes, 0.0);
    x[0] = 1.0;
    minimize_lbfgs(loss, x, {.gradient_tolerance = 1e-8});
    if (const double slope = std::clamp(x[0], kMinSlope, kMaxSlope); slope != x[0]) {
        // The biases belong to the slope that they were fitted with.
        std::fill(x.begin(), x.end(), 0.0);
        x[0] = slope;
        const auto loss_of_biases = [&](std::span<const double> at, std::span<double> gradient) {
            const double value = loss(at, gradient);
            gradient[0] = 0.0;
            return value;
        };
        minimize_lbfgs(loss_of_biases, x, {.gradient_tolerance = 1e-8});
    }
    Calibration calibration{1.0 / x[0], x};
    calibration.bias[0] = 0.0;
    return calibration;
}

std::optional<double> threshold_for_precision(std::span<const double> confidence,
                                              std::span<const std::uint8_t> right, double precision) {
    if (confidence.size() != right.size())
        throw std::invalid_argument("threshold_for_precision: " + std::to_string(confidence.size()) +
                                    " confidences beside " + std::to_string(right.size()) + " answers");
    std::optional<double> threshold;
    for (const auto& [lowest, counts] : threshold_curve(confidence, right))
        if (static_cast<double>(counts.tp) >= precision * static_cast<double>(counts.tp + counts.fp))
            threshold = lowest;
    return threshold;
}

}  // namespace emotion::ml
