#pragma once

#include <cstdint>

#include "ml/core/api.hpp"

namespace emotion::ml {

/// How surely two classifiers differ that answered the same questions.
struct McNemarResult {
    double p_value = 1.0;  ///< of so uneven a result, either way, between two that are equally good
    bool exact = true;     ///< by the binomial distribution; otherwise the chi-squared approximation
};

/// McNemar's test on the questions that only one of the two answered rightly (McNemar, "Note on the sampling
/// error of the difference between correlated proportions or percentages", Psychometrika 1947). For fewer
/// than 25 of them in all, twice the tail of the binomial distribution with probability 1/2 (at most 1);
/// otherwise (|a - b| - 1)^2 / (a + b) as chi-squared of one degree of freedom (Edwards, "Note on the
/// correction for continuity", Psychometrika 1948). Throws std::invalid_argument for negative counts.
EMOTION_ML_API McNemarResult mcnemar_test(std::int64_t only_a_right, std::int64_t only_b_right);

}  // namespace emotion::ml
