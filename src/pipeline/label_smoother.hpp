#pragma once

#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "model/model_card.hpp"

namespace emotion::pipeline {

struct SmoothingOptions {
    double time_constant_s = 0.15;  ///< [0, 60]: after so long 63 % of a change is through; 0: no smoothing
    double hysteresis = 0.15;  ///< [0, 0.5]: head start in probability of the label that is shown already
    double min_hold_s = 0.3;   ///< [0, 60]: a label stays at least so long

    /// Throws ConfigError that names the option, its value and the limit.
    void validate() const;
};

/// Faces not seen for so long are forgotten: no tracker keeps a lost face's id for longer.
inline constexpr double kForgottenAfterSeconds = 60.0;

/// The share of its way towards a new value that exponential smoothing goes in `dt_s` seconds, in [0, 1]:
/// 1 - exp(-dt / time_constant), or all of it for a time constant of 0.
double smoothing_share(double dt_s, double time_constant_s);

/// The label of one face, chosen from probabilities that have been smoothed already. A class is shown from
/// the probability that its card asks for, and until it is `hysteresis` below that or another class is
/// `hysteresis` likelier, but for min_hold_s at least. Unsure is not held: it gives way at once.
class SteadyLabel {
  public:
    /// `probabilities` are those at `time_s`, in the card's order. Returns the index of the class to show;
    /// nullopt: unsure.
    std::optional<int> update(std::span<const float> probabilities, double time_s,
                              const model::ModelCard& card, const SmoothingOptions& options);

  private:
    std::optional<int> label_;
    double since_s_ = 0.0;
};

/// What to show for a face now.
struct SmoothedLabel {
    std::vector<float> probabilities;
    std::optional<int> label;  ///< index of the shown class; nullopt: unsure
    float confidence = 0.0f;   ///< the label's probability, or the likeliest class's when unsure
};

/// Keeps the labels from flickering, each face by itself: probabilities are smoothed exponentially over time,
/// not over frames, and a SteadyLabel chooses what to show. Not thread-safe.
class LabelSmoother {
  public:
    LabelSmoother(const SmoothingOptions& options, model::ModelCard card);

    /// From now on these classes are shown, from these probabilities, rather than as the card says.
    void set_shown(std::vector<model::ShownClass> shown) { card_.shown = std::move(shown); }

    /// `raw` are the probabilities of a face at `time_s`, in the card's order. A track's first ones
    /// are taken as they are. Throws std::invalid_argument for another number of classes than the card's.
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
