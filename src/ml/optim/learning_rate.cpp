#include "ml/optim/learning_rate.hpp"

#include <cmath>
#include <numbers>
#include <stdexcept>
#include <string>

namespace emotion::ml {
namespace {

constexpr double kStart = 0.04;  // of the peak

}  // namespace

double learning_rate(const LearningRateSchedule& schedule, std::int64_t step, std::int64_t steps) {
    if (step < 0 || step >= steps)
        throw std::invalid_argument("step " + std::to_string(step) + " of a training of " +
                                    std::to_string(steps));
    const auto cosine = [](double from, double to, double share) {
        return to + (from - to) * 0.5 * (1 + std::cos(std::numbers::pi * share));
    };
    const double last = static_cast<double>(steps - 1), top = schedule.warmup * last;
    const double now = static_cast<double>(step);
    if (now < top) return schedule.peak * cosine(kStart, 1, now / top);
    return schedule.peak * (last > top ? cosine(1, schedule.end, (now - top) / (last - top)) : 1.0);
}

}  // namespace emotion::ml
