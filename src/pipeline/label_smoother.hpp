#pragma once

#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "config/settings.hpp"
#include "model/model_card.hpp"

namespace emotion::pipeline {

/// How labels are smoothed over time.
struct SmoothingOptions {
    double time_constant_s = 0.15;
    double hysteresis = 0.15;
    double min_hold_s = 0.3;
};

/// The rows of the options in the table of settings; valid as long as the options are.
inline config::SettingsSection settings_of(SmoothingOptions& options) {
    config::SettingsSection section{"smoothing", "Smoothing the label over time.", {}};
    section.add("time_constant_s", options.time_constant_s, {0, 60},
                "Seconds until 63 % of a change has taken effect; 0: no smoothing.");
    section.add("hysteresis", options.hysteresis, {0, 0.5},
                "Advantage, in probability, of the label that is already shown.");
    section.add("min_hold_s", options.min_hold_s, {0, 60},
                "Minimum time, in seconds, for which a label stays.");
    return section;
}

/// Faces not seen for this long are forgotten: no tracker keeps a lost face's id for longer.
inline constexpr double kForgottenAfterSeconds = 60.0;

/// The weight in [0, 1] of a new value in exponential smoothing after `dt_s` seconds: 1 - exp(-dt /
/// time_constant), or 1 for a time constant of 0.
double smoothing_share(double dt_s, double time_constant_s);

/// Chooses the label of one face from smoothed probabilities. A class is shown from its card's threshold
/// until it is `hysteresis` below it or another class is more probable by `hysteresis`, but at least for
/// min_hold_s. Unsure is not held.
class SteadyLabel {
  public:
    /// `probabilities` at `time_s`, in the card's order. Returns the index of the class to show; nullopt:
    /// unsure.
    std::optional<int> update(std::span<const float> probabilities, double time_s,
                              const model::ModelCard& card, const SmoothingOptions& options);

  private:
    std::optional<int> label_;
    double since_s_ = 0.0;
};

/// The smoothed state of a face.
struct SmoothedLabel {
    std::vector<float> probabilities;
    std::optional<int> label;  ///< index of the shown class; nullopt: unsure
    float confidence = 0.0f;   ///< of the label or, when unsure, of the most likely class
};

/// Keeps labels from flickering, per face: probabilities are smoothed exponentially over time, not frames,
/// and a SteadyLabel chooses the label. Not thread-safe.
class LabelSmoother {
  public:
    LabelSmoother(const SmoothingOptions& options, model::ModelCard card);

    /// From now on uses these classes and thresholds instead of the card's.
    void set_shown(std::vector<model::ShownClass> shown) { card_.shown = std::move(shown); }

    /// `raw` are a face's probabilities at `time_s`, in the card's order. The first ones of a track are used
    /// as they are. Throws std::invalid_argument for a wrong number of classes.
    SmoothedLabel update(int track, std::span<const float> raw, double time_s);

  private:
    struct Track {
        SmoothedLabel shown;
        SteadyLabel label;
        double time_s = 0.0;
    };

    SmoothingOptions options_;
    model::ModelCard card_;
    std::map<int, Track> tracks_;
};

}  // namespace emotion::pipeline
