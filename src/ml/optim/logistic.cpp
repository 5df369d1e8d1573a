#include "ml/optim/logistic.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include <Eigen/Core>

namespace emotion::ml {
namespace {

/// Rows per block: twice their bytes fit a second-level cache.
constexpr std::size_t kBlock = 16;
/// Rows per task: few enough for the precision of a float sum, and fixed, so that sums do not depend on the
/// number of threads.
constexpr std::size_t kChunk = 256;

std::vector<float> padded_floats(std::span<const double> values, int size) {
    std::vector<float> floats(static_cast<std::size_t>(size), 0.0f);
    std::transform(values.begin(), values.end(), floats.begin(),
                   [](double value) { return static_cast<float>(value); });
    return floats;
}

void require_columns(const ByteMatrix& pictures, std::size_t values, const char* what) {
    if (values != static_cast<std::size_t>(pictures.columns()))
        throw std::invalid_argument(std::string(what) + " for " + std::to_string(values) +
                                    " columns, expected " + std::to_string(pictures.columns()));
}

}  // namespace

FeatureScaling unit_scaling(int columns) {
    const auto size = static_cast<std::size_t>(columns);
    return {std::vector<double>(size, 0.0), std::vector<double>(size, 1.0 / 255.0)};
}

FeatureScaling standard_scaling(const ByteMatrix& pictures, std::span<const std::uint32_t> rows) {
    if (rows.empty()) throw std::invalid_argument("standard_scaling: no rows");
    const auto columns = static_cast<std::size_t>(pictures.columns());
    std::vector<std::uint64_t> sums(columns, 0), squares(columns, 0);
    for (const auto row : rows)
        for (std::size_t j = 0; j < columns; ++j) {
            const std::uint64_t byte = pictures.at(static_cast<int>(row), static_cast<int>(j));
            sums[j] += byte;
            squares[j] += byte * byte;
        }
    FeatureScaling scaling{std::vector<double>(columns), std::vector<double>(columns)};
    const auto n = static_cast<double>(rows.size());
    for (std::size_t j = 0; j < columns; ++j) {
        const double mean = static_cast<double>(sums[j]) / n;
        const double variance = static_cast<double>(squares[j]) / n - mean * mean;
        scaling.center[j] = mean;
        // A column that is not constant has a variance of at least (n - 1) / n^2, far above rounding errors.
        scaling.scale[j] = squares[j] * rows.size() > sums[j] * sums[j] ? 1.0 / std::sqrt(variance) : 0.0;
    }
    return scaling;
}

LinearModel in_bytes(const LinearModel& model, const FeatureScaling& scaling) {
    LinearModel bytes{std::vector<double>(model.weights.size()), model.bias};
    for (std::size_t j = 0; j < model.weights.size(); ++j) {
        bytes.weights[j] = model.weights[j] * scaling.scale[j];
        bytes.bias -= bytes.weights[j] * scaling.center[j];
    }
    return bytes;
}

LogisticObjective::LogisticObjective(LabeledRows data, FeatureScaling scaling, const LogisticOptions& options,
                                     ThreadPool& threads)
    : pictures_(data.pictures),
      labels_(data.labels),
      rows_(std::move(data.rows)),
      scaling_(std::move(scaling)),
      options_(options),
      threads_(threads) {
    require_columns(pictures_, scaling_.scale.size(), "LogisticObjective: a scaling");
    if (labels_.size() != static_cast<std::size_t>(pictures_.rows()))
        throw std::invalid_argument("LogisticObjective: " + std::to_string(labels_.size()) + " labels for " +
                                    std::to_string(pictures_.rows()) + " pictures");
    if (rows_.empty()) throw std::invalid_argument("LogisticObjective: no rows");
    if (!(options_.class_weights[0] > 0.0 && options_.class_weights[1] > 0.0))
        throw std::invalid_argument("LogisticObjective: class weights that are not positive");
    for (const auto row : rows_)
        if (row >= labels_.size() || labels_[row] > 1)
            throw std::invalid_argument("LogisticObjective: row " + std::to_string(row) +
                                        " does not exist or its label is neither 0 nor 1");
}

LinearModel LogisticObjective::model(std::span<const double> parameters) const {
    const auto columns = static_cast<std::size_t>(pictures_.columns());
    return {
        std::vector<double>(parameters.begin(), parameters.begin() + static_cast<std::ptrdiff_t>(columns)),
        options_.bias ? parameters[columns] : 0.0};
}

void LogisticObjective::add_rows(std::span<const std::uint32_t> rows, std::span<const float> weights,
                                 double bias, bool with_gradient, Chunk& sums) const {
    using Values = Eigen::Array<double, Eigen::Dynamic, 1, Eigen::ColMajor, kBlock, 1>;
    float products[kBlock], residuals[kBlock];
    for (std::size_t first = 0; first < rows.size(); first += kBlock) {
        const auto block = rows.subspan(first, std::min(kBlock, rows.size() - first));
        const auto upcoming = rows.subspan(std::min(first + kBlock, rows.size()));
        pictures_.multiply(block, weights, {products, block.size()}, upcoming);
        Values z(block.size()), y(block.size()), weight(block.size());
        for (std::size_t i = 0; i < block.size(); ++i) {
            const auto label = labels_[block[i]];
            z[static_cast<Eigen::Index>(i)] = products[i] + bias;
            y[static_cast<Eigen::Index>(i)] = label;
            weight[static_cast<Eigen::Index>(i)] = options_.class_weights[label];
        }
        const Values e = (-z.abs()).exp();
        const Values larger = 1.0 / (1.0 + e);  // probability of the more likely class
        const Values p = (z >= 0.0).select(larger, e * larger);
        sums.exact += (weight * (z.max(0.0) - y * z - larger.log())).sum();
        sums.bounded -= (weight * ((y * p + (1.0 - y) * (1.0 - p)) + 1e-4).log()).sum();
        sums.right += static_cast<double>(((z >= 0.0) == (y > 0.5)).count());
        if (!with_gradient) continue;
        const Values residual = weight * (p - y);
        sums.residual += residual.sum();
        Eigen::Map<Eigen::ArrayXf>(residuals, z.size()) = residual.cast<float>();
        pictures_.add_scaled_rows(block, {residuals, block.size()}, sums.gradient, upcoming);
    }
}

LogisticLoss LogisticObjective::evaluate(std::span<const double> parameters, std::span<double> gradient) {
    return evaluate_batch(rows_, parameters, gradient);
}

LogisticLoss LogisticObjective::evaluate_batch(std::span<const std::uint32_t> batch,
                                               std::span<const double> parameters,
                                               std::span<double> gradient) {
    const auto size = static_cast<std::size_t>(this->parameters());
    if (batch.empty() || parameters.size() != size || (!gradient.empty() && gradient.size() != size))
        throw std::invalid_argument("LogisticObjective: " + std::to_string(parameters.size()) +
                                    " parameters and " + std::to_string(gradient.size()) + " gradients for " +
                                    std::to_string(batch.size()) + " rows, expected " + std::to_string(size));
    const auto bytes = in_bytes(model(parameters), scaling_);
    const auto weights = padded_floats(bytes.weights, pictures_.padded_columns());

    const auto chunks = (batch.size() + kChunk - 1) / kChunk;
    chunks_.resize(std::max(chunks_.size(), chunks));
    threads_.run(static_cast<std::int64_t>(chunks), [&](std::int64_t task, int) {
        const auto first = static_cast<std::size_t>(task) * kChunk;
        auto& chunk = chunks_[static_cast<std::size_t>(task)];
        chunk.exact = chunk.bounded = chunk.residual = chunk.right = 0.0;
        chunk.gradient.assign(gradient.empty() ? 0 : weights.size(), 0.0f);
        add_rows(batch.subspan(first, std::min(kChunk, batch.size() - first)), weights, bytes.bias,
                 !gradient.empty(), chunk);
    });
    LogisticLoss sums;
    double residual = 0.0;
    byte_gradient_.assign(gradient.empty() ? 0 : weights.size(), 0.0);
    for (const auto& chunk : std::span(chunks_).first(chunks)) {
        sums.exact += chunk.exact;
        sums.bounded += chunk.bounded;
        sums.accuracy += chunk.right;
        residual += chunk.residual;
        for (std::size_t j = 0; j < byte_gradient_.size(); ++j) byte_gradient_[j] += chunk.gradient[j];
    }

    const auto columns = static_cast<std::size_t>(pictures_.columns());
    const double share = static_cast<double>(batch.size()) / static_cast<double>(rows_.size());
    const double lambda = options_.penalize_gradient ? options_.l2 * share : 0.0;
    double squared_norm = 0.0;
    for (std::size_t j = 0; j < columns; ++j) squared_norm += parameters[j] * parameters[j];
    if (!gradient.empty()) {
        for (std::size_t j = 0; j < columns; ++j)
            gradient[j] = scaling_.scale[j] * (byte_gradient_[j] - scaling_.center[j] * residual) +
                          lambda * parameters[j];
        if (options_.bias) gradient[columns] = residual;
    }
    const double n = static_cast<double>(batch.size());
    const double penalty = 0.5 * options_.l2 * squared_norm / static_cast<double>(rows_.size());
    return {sums.exact / n + penalty, sums.bounded / n + penalty, sums.accuracy / n};
}

std::vector<float> logits(const ByteMatrix& pictures, std::span<const std::uint32_t> rows,
                          const LinearModel& model, const FeatureScaling& scaling) {
    require_columns(pictures, model.weights.size(), "logits: a model");
    require_columns(pictures, scaling.scale.size(), "logits: a scaling");
    const auto bytes = in_bytes(model, scaling);
    std::vector<float> result(rows.size());
    pictures.multiply(rows, padded_floats(bytes.weights, pictures.padded_columns()), result);
    for (auto& logit : result) logit += static_cast<float>(bytes.bias);
    return result;
}

}  // namespace emotion::ml
