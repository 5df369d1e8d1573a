#pragma once

#include <functional>
#include <span>

#include "ml/core/api.hpp"

namespace emotion::ml {

struct LbfgsOptions {
    int history = 10;                  ///< > 0: number of stored steps
    int max_iterations = 1000;         ///< > 0
    double gradient_tolerance = 1e-5;  ///< >= 0: converged when no component of the gradient is larger
    double value_noise = 1e-14;  ///< >= 0: values closer than this, relatively, are compared by their slopes
};

enum class LbfgsStatus {
    kNotRun,
    kConverged,  ///< the gradient is within the tolerance
    kNoDescent,  ///< no decrease along the search direction: the limit of the function's precision
    kMaxIterations,
    kStopped,  ///< by the callback
};

struct LbfgsSummary {
    LbfgsStatus status = LbfgsStatus::kNotRun;
    int iterations = 0;
};

/// Returns the value at `x` and fills `gradient`.
using SmoothFunction = std::function<double(std::span<const double> x, std::span<double> gradient)>;
/// Called after each iteration (from 1) with the new point; returning false stops. May be empty.
using IterationCallback = std::function<bool(int iteration, double value, std::span<const double> x)>;

/// Minimizes a smooth function in place, starting from `x`: limited-memory BFGS (Nocedal and Wright,
/// "Numerical Optimization", 2006, algorithms 7.4 and 7.5) with a bisection line search for the weak Wolfe
/// conditions (Lewis and Overton, "Nonsmooth optimization via quasi-Newton methods", 2013), which compares
/// slopes where values are too close (Hager and Zhang, "A new conjugate gradient method with guaranteed
/// descent", 2005). Throws std::invalid_argument for options out of range.
EMOTION_ML_API LbfgsSummary minimize_lbfgs(const SmoothFunction& function, std::span<double> x,
                                           const LbfgsOptions& options,
                                           const IterationCallback& after_iteration = {});

}  // namespace emotion::ml
