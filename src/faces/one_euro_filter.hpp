#pragma once

namespace emotion::faces {

/// A low-pass filter that is slow at rest and fast in motion (Casiez, Roussel and Vogel, "1 euro filter: a
/// simple speed-based low-pass filter for noisy input in interactive systems", CHI 2012).
class OneEuroFilter {
  public:
    /// `time_constant_s` applies at rest; 0: no filter. The first value passes unchanged.
    OneEuroFilter(double first_value, double time_constant_s)
        : filtered_(first_value), last_(first_value), time_constant_s_(time_constant_s) {}

    double value() const { return filtered_; }
    /// In units per second.
    double speed() const { return speed_; }
    /// Adds the value `dt_s` >= 0 seconds after the previous one; speeds are measured in `unit`s per second.
    void update(double value, double dt_s, double unit);

  private:
    double filtered_, last_, time_constant_s_;
    double speed_ = 0.0;
};

}  // namespace emotion::faces
