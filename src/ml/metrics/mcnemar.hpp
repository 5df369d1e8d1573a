#pragma once

#include <cstdint>

#include "ml/core/api.hpp"

namespace emotion::ml {

/// The significance of the difference between two classifiers on the same samples.
struct McNemarResult {
    double p_value = 1.0;  ///< two-sided
    bool exact = true;     ///< binomial distribution; otherwise the chi-squared approximation
};

/// McNemar's test on the samples that only one of the two classified correctly (McNemar, "Note on the
/// sampling error of the difference between correlated proportions or percentages", Psychometrika 1947).
/// Below 25 discordant samples, twice the tail of the binomial distribution with probability 1/2 (at most 1);
/// otherwise (|a - b| - 1)^2 / (a + b) as chi-squared with one degree of freedom (Edwards, "Note on the
/// correction for continuity", Psychometrika 1948). Throws std::invalid_argument for negative counts.
EMOTION_ML_API McNemarResult mcnemar_test(std::int64_t only_a_right, std::int64_t only_b_right);

}  // namespace emotion::ml
