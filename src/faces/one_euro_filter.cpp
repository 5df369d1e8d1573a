#include "faces/one_euro_filter.hpp"

#include <cmath>
#include <numbers>

namespace emotion::faces {
namespace {

constexpr double kSpeedCutoffHz = 1.0;
/// The increase of the cutoff in Hz per unit of speed: with 4, a value in steady motion lags by 1/(2 pi 4), 4
/// % of a unit.
constexpr double kCutoffPerSpeed = 4.0;

/// The weight of a new value in a first-order low-pass filter after dt.
double approach(double cutoff_hz, double dt_s) {
    const double angle = 2.0 * std::numbers::pi * cutoff_hz * dt_s;
    return angle / (1.0 + angle);
}

}  // namespace

void OneEuroFilter::update(double value, double dt_s, double unit) {
    if (dt_s > 0.0) speed_ += approach(kSpeedCutoffHz, dt_s) * ((value - last_) / (unit * dt_s) - speed_);
    last_ = value;
    if (time_constant_s_ <= 0.0) {
        filtered_ = value;
        return;
    }
    if (dt_s <= 0.0) return;
    const double cutoff_at_rest_hz = 1.0 / (2.0 * std::numbers::pi * time_constant_s_);
    filtered_ += approach(cutoff_at_rest_hz + kCutoffPerSpeed * std::abs(speed_), dt_s) * (value - filtered_);
}

}  // namespace emotion::faces
