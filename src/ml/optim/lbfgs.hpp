#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "ml/core/api.hpp"

namespace emotion::ml {

struct LbfgsOptions {
    int history = 10;                  ///< > 0: pairs of steps kept
    int max_iterations = 1000;         ///< > 0
    double gradient_tolerance = 1e-5;  ///< >= 0: done when no component of the gradient is larger
    double value_noise = 1e-14;  ///< >= 0: values closer than this, relatively, are judged by their slopes
};

enum class LbfgsEnd {
    kNotRun,
    kConverged,  ///< the gradient is within the tolerance
    kNoDescent,  ///< nothing lower along the line searched: the limit of the function's precision
    kMaxIterations,
    kStopped,  ///< by the callback
};

struct LbfgsSummary {
    LbfgsEnd end = LbfgsEnd::kNotRun;
    int iterations = 0;
};

/// Value at `x`; fills `gradient`.
using SmoothFunction = std::function<double(std::span<const double> x, std::span<double> gradient)>;
/// Called after each iteration (from 1) with where it led; false ends the search. May be empty.
using IterationCallback = std::function<bool(int iteration, double value, std::span<const double> x)>;

/// Minimises a smooth function from `x` on, in place: limited-memory BFGS (Nocedal and Wright, "Numerical
/// Optimization", 2006, algorithms 7.4 and 7.5) with a line search for the weak Wolfe conditions by bisection
/// (Lewis and Overton, "Nonsmooth optimization via quasi-Newton methods", 2013), which where the values are
/// too close tests the slopes instead (Hager and Zhang, "A new conjugate gradient method with guaranteed
/// descent", 2005). Throws std::invalid_argument for options out of range.
EMOTION_ML_API LbfgsSummary minimise_lbfgs(const SmoothFunction& function, std::span<double> x,
                                           const LbfgsOptions& options,
                                           const IterationCallback& after_iteration = {});

}  // namespace emotion::ml
