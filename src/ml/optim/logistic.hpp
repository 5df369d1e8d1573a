#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/parallel.hpp"
#include "ml/core/api.hpp"
#include "ml/optim/byte_matrix.hpp"

namespace emotion::ml {

/// feature_j = (byte_j - center_j) * scale_j.
struct FeatureScaling {
    std::vector<double> center, scale;
};
/// byte / 255.
EMOTION_ML_API FeatureScaling unit_scaling(int columns);
/// Mean 0 and standard deviation 1 over the given rows; a constant column becomes 0.
EMOTION_ML_API FeatureScaling standard_scaling(const ByteMatrix& pictures,
                                               std::span<const std::uint32_t> rows);

/// logit = weights . features + bias.
struct LinearModel {
    std::vector<double> weights;
    double bias = 0.0;
};
/// The same model, applied to bytes instead of features.
EMOTION_ML_API LinearModel in_bytes(const LinearModel& model, const FeatureScaling& scaling);

struct LogisticOptions {
    bool bias = true;               ///< never penalized
    double l2 = 0.0;                ///< lambda >= 0 of the penalty lambda/2 |w|^2 on the summed cross-entropy
    bool penalize_gradient = true;  ///< false: the penalty affects only the reported loss, as in the notebook
    /// > 0: weights of the pictures of class 0 and of class 1.
    std::array<double, 2> class_weights{1.0, 1.0};
};

/// Pictures and their labels, which must outlive the objective, and the rows of the pictures to use.
struct LabeledRows {
    const ByteMatrix& pictures;
    std::span<const std::uint8_t> labels;  ///< 0 or 1 for every picture
    std::vector<std::uint32_t> rows;
};

/// Means over the samples, including the penalty.
struct LogisticLoss {
    double exact = 0.0;    ///< softplus(z) - y z: finite for any logit z
    double bounded = 0.0;  ///< -log(p of the truth + 1e-4), the form the notebook reports
    double accuracy =
        0.0;  ///< fraction of samples whose true class has the larger p; 0.5 is taken as class 1
};

/// The cross-entropy of logistic regression on pictures and its gradient in one pass over the bytes: each
/// block of rows is multiplied by the weights and added to the gradient while it is in the cache. Single
/// precision within a block, double precision between blocks; independent of the number of threads.
///
/// Parameters are the weights of the features, then the bias if there is one. The threads must outlive it.
/// Not thread-safe.
class EMOTION_ML_API LogisticObjective {
  public:
    /// Throws std::invalid_argument for mismatched lengths, any other label, or no rows.
    LogisticObjective(LabeledRows data, FeatureScaling scaling, const LogisticOptions& options,
                      ThreadPool& threads);

    int parameters() const { return pictures_.columns() + (options_.bias ? 1 : 0); }
    std::span<const std::uint32_t> rows() const { return rows_; }

    /// The loss over all rows, and the gradient of the summed loss, X'(p - y) + lambda w, unless `gradient`
    /// is empty.
    LogisticLoss evaluate(std::span<const double> parameters, std::span<double> gradient);
    /// The same for a subset of the rows; the penalty is scaled by its share of all rows.
    LogisticLoss evaluate_batch(std::span<const std::uint32_t> batch, std::span<const double> parameters,
                                std::span<double> gradient);
    /// The model of features with these parameters.
    LinearModel model(std::span<const double> parameters) const;

  private:
    /// Partial sums, in terms of bytes.
    struct Chunk {
        double exact = 0.0, bounded = 0.0, residual = 0.0, right = 0.0;
        std::vector<float> gradient;
    };
    void add_rows(std::span<const std::uint32_t> rows, std::span<const float> weights, double bias,
                  bool with_gradient, Chunk& sums) const;

    const ByteMatrix& pictures_;
    std::span<const std::uint8_t> labels_;
    std::vector<std::uint32_t> rows_;
    FeatureScaling scaling_;
    LogisticOptions options_;
    ThreadPool& threads_;
    std::vector<Chunk> chunks_;
    std::vector<double> byte_gradient_;
};

/// The logits of some pictures.
EMOTION_ML_API std::vector<float> logits(const ByteMatrix& pictures, std::span<const std::uint32_t> rows,
                                         const LinearModel& model, const FeatureScaling& scaling);

}  // namespace emotion::ml
