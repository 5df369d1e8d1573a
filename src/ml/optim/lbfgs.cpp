#include "ml/optim/lbfgs.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <Eigen/Core>

namespace emotion::ml {
namespace {

using Eigen::VectorXd;

/// The curvature seen by a step: moving by `step` changed the gradient by `change`.
struct Pair {
    VectorXd step, change;
    double step_dot_change;
};

/// The two-loop recursion: minus the approximate inverse Hessian times the gradient.
VectorXd search_direction(const std::deque<Pair>& pairs, const VectorXd& gradient) {
    VectorXd direction = -gradient;
    if (pairs.empty()) return direction / std::max(1.0, gradient.norm());
    std::vector<double> alphas(pairs.size());
    for (std::size_t i = pairs.size(); i-- > 0;) {
        alphas[i] = pairs[i].step.dot(direction) / pairs[i].step_dot_change;
        direction -= alphas[i] * pairs[i].change;
    }
    direction *= pairs.back().step_dot_change / pairs.back().change.squaredNorm();
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const double beta = pairs[i].change.dot(direction) / pairs[i].step_dot_change;
        direction += (alphas[i] - beta) * pairs[i].step;
    }
    return direction;
}

struct Point {
    VectorXd x, gradient;
    double value;
};

/// A point along `direction` that satisfies the weak Wolfe conditions; nullopt if none is found.
std::optional<Point> line_search(const std::function<Point(VectorXd)>& at, const Point& from,
                                 const VectorXd& direction, double value_noise) {
    constexpr double kDecrease = 1e-4, kSlope = 0.9;
    const double slope = from.gradient.dot(direction);
    double low = 0.0, high = std::numeric_limits<double>::infinity(), length = 1.0;
    std::optional<Point> best;
    for (int attempt = 0; attempt < 40 && slope < 0.0; ++attempt) {
        Point next = at(from.x + length * direction);
        const double slope_there = next.gradient.dot(direction);
        const bool lower = next.value <= from.value + kDecrease * length * slope;
        const bool lower_by_slope = next.value <= from.value + value_noise * std::abs(from.value) &&
                                    slope_there <= (2.0 * kDecrease - 1.0) * slope;
        if (lower || lower_by_slope) {
            low = length;
            best = std::move(next);
            if (slope_there >= kSlope * slope) break;
        } else {
            high = length;
        }
        length = high < std::numeric_limits<double>::infinity() ? 0.5 * (low + high) : 2.0 * low;
    }
    return best;
}

}  // namespace

LbfgsSummary minimize_lbfgs(const SmoothFunction& function, std::span<double> x, const LbfgsOptions& options,
                            const IterationCallback& after_iteration) {
    if (options.history < 1 || options.max_iterations < 1 || !(options.gradient_tolerance >= 0.0) ||
        !(options.value_noise >= 0.0))
        throw std::invalid_argument("minimize_lbfgs: history " + std::to_string(options.history) + ", " +
                                    std::to_string(options.max_iterations) + " iterations, tolerance " +
                                    std::to_string(options.gradient_tolerance));
    LbfgsSummary summary;
    const auto at = [&](VectorXd position) {
        Point point{std::move(position), VectorXd(static_cast<Eigen::Index>(x.size())), 0.0};
        point.value = function({point.x.data(), x.size()}, {point.gradient.data(), x.size()});
        return point;
    };
    Point current = at(Eigen::Map<const VectorXd>(x.data(), static_cast<Eigen::Index>(x.size())));
    std::deque<Pair> pairs;
    summary.status = LbfgsStatus::kMaxIterations;
    while (true) {
        if (current.gradient.size() == 0 ||
            current.gradient.cwiseAbs().maxCoeff() <= options.gradient_tolerance) {
            summary.status = LbfgsStatus::kConverged;
            break;
        }
        if (summary.iterations == options.max_iterations) break;
        auto next = line_search(at, current, search_direction(pairs, current.gradient), options.value_noise);
        if (!next) {
            summary.status = LbfgsStatus::kNoDescent;
            break;
        }
        Pair pair{next->x - current.x, next->gradient - current.gradient, 0.0};
        pair.step_dot_change = pair.step.dot(pair.change);
        // Only a positive curvature keeps the approximate Hessian positive definite.
        if (pair.step_dot_change > 1e-12 * pair.step.norm() * pair.change.norm())
            pairs.push_back(std::move(pair));
        if (pairs.size() > static_cast<std::size_t>(options.history)) pairs.pop_front();
        current = std::move(*next);
        ++summary.iterations;
        if (after_iteration &&
            !after_iteration(summary.iterations, current.value, {current.x.data(), x.size()})) {
            summary.status = LbfgsStatus::kStopped;
            break;
        }
    }
    Eigen::Map<VectorXd>(x.data(), static_cast<Eigen::Index>(x.size())) = current.x;
    return summary;
}

}  // namespace emotion::ml
