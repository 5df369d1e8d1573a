#include "ml/optim/softmax_regression.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "ml/optim/lbfgs.hpp"

namespace emotion::ml {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// The samples as fitted: features divided by their root mean squares, followed by a column of ones, so that
/// the penalty is the distance of the parameters from the start.
struct Samples {
    Samples(std::span<const float> features, int inputs)
        : matrix(static_cast<Eigen::Index>(features.size()) / inputs, inputs + 1), scale(inputs + 1) {
        for (Eigen::Index i = 0; i < matrix.rows(); ++i)
            for (int j = 0; j < inputs; ++j)
                matrix(i, j) = features[static_cast<std::size_t>(i) * inputs + static_cast<std::size_t>(j)];
        matrix.col(inputs).setOnes();
        for (int j = 0; j <= inputs; ++j) {
            const double mean_square = matrix.col(j).squaredNorm() / static_cast<double>(matrix.rows());
            scale[j] = mean_square > 0.0 ? std::sqrt(mean_square) : 1.0;
            matrix.col(j) /= scale[j];
        }
    }

    Matrix matrix;
    Eigen::RowVectorXd scale;
};

/// (outputs, inputs + 1), with the bias last.
Matrix with_bias(const Dense& dense) {
    Matrix result(dense.outputs, dense.inputs() + 1);
    for (int k = 0; k < dense.outputs; ++k) {
        for (int j = 0; j < dense.inputs(); ++j)
            result(k, j) =
                dense.weights[static_cast<std::size_t>(k) * dense.inputs() + static_cast<std::size_t>(j)];
        result(k, dense.inputs()) = dense.bias[static_cast<std::size_t>(k)];
    }
    return result;
}

Dense without_bias(const Matrix& parameters) {
    Dense dense{static_cast<int>(parameters.rows())};
    for (int k = 0; k < dense.outputs; ++k) {
        for (int j = 0; j + 1 < parameters.cols(); ++j)
            dense.weights.push_back(static_cast<float>(parameters(k, j)));
        dense.bias.push_back(static_cast<float>(parameters(k, parameters.cols() - 1)));
    }
    return dense;
}

}  // namespace

Dense fit_softmax_regression(std::span<const float> features, std::span<const int> labels,
                             std::span<const float> weights, const Dense& start, double pull) {
    const bool fits = start.inputs() > 0 && start.outputs > 0 && !labels.empty() &&
                      start.weights.size() == static_cast<std::size_t>(start.inputs()) * start.outputs &&
                      start.bias.size() == static_cast<std::size_t>(start.outputs) &&
                      features.size() == labels.size() * static_cast<std::size_t>(start.inputs()) &&
                      (weights.empty() || weights.size() == labels.size()) &&
                      std::all_of(labels.begin(), labels.end(),
                                  [&](int label) { return label >= 0 && label < start.outputs; });
    if (!fits)
        throw std::invalid_argument("fit_softmax_regression: " + std::to_string(features.size()) +
                                    " features for " + std::to_string(labels.size()) + " labels and " +
                                    std::to_string(weights.size()) + " weights, from a layer of " +
                                    std::to_string(start.inputs()) + " to " + std::to_string(start.outputs) +
                                    " with " + std::to_string(start.weights.size()) + " weights and " +
                                    std::to_string(start.bias.size()) + " biases");
    const Samples samples(features, start.inputs());
    const Matrix origin = with_bias(start).array().rowwise() * samples.scale.array();
    const double total = weights.empty() ? static_cast<double>(labels.size())
                                         : std::accumulate(weights.begin(), weights.end(), 0.0);

    Matrix logits, residuals(samples.matrix.rows(), start.outputs);
    const auto loss = [&](std::span<const double> x, std::span<double> gradient) {
        const Eigen::Map<const Matrix> moved(x.data(), origin.rows(), origin.cols());
        logits.noalias() = samples.matrix * (origin + moved).transpose();
        double sum = 0.0;
        for (Eigen::Index i = 0; i < logits.rows(); ++i) {
            const auto sample = static_cast<std::size_t>(i);
            const double share = (weights.empty() ? 1.0 : weights[sample]) / total;
            const double largest = logits.row(i).maxCoeff();
            residuals.row(i) = (logits.row(i).array() - largest).exp();
            const double all = residuals.row(i).sum();
            sum += share * (largest + std::log(all) - logits(i, labels[sample]));
            residuals.row(i) *= share / all;
            residuals(i, labels[sample]) -= share;
        }
        Eigen::Map<Matrix>(gradient.data(), origin.rows(), origin.cols()) =
            residuals.transpose() * samples.matrix + pull * moved;
        return sum + 0.5 * pull * moved.squaredNorm();
    };
    std::vector<double> moved(static_cast<std::size_t>(origin.size()), 0.0);
    minimize_lbfgs(loss, moved, {.max_iterations = 500, .gradient_tolerance = 1e-6});
    const Matrix fitted = origin + Eigen::Map<const Matrix>(moved.data(), origin.rows(), origin.cols());
    return without_bias(fitted.array().rowwise() / samples.scale.array());
}

}  // namespace emotion::ml
