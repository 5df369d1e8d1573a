#pragma once

#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "model/model_card.hpp"

namespace emotion {

struct SmoothingOptions {
    double time_constant_s = 0.15;  ///< [0, 60]: after so long 63 % of a change is through; 0: no smoothing
    double hysteresis = 0.1;  ///< [0, 0.5]: head start in probability of the label that is shown already

    /// Throws ConfigError that names the option, its value and the limit.
    void validate() const;
};

/// What to show for a face now.
struct SmoothedLabel {
    std::vector<float> probabilities;
    std::optional<int> label;  ///< index of the shown class; nullopt: unsure
    float confidence = 0.0f;   ///< the label's probability, or the likeliest class's when unsure
};

/// Keeps the labels from flickering, each face by itself. Probabilities are smoothed exponentially over time,
/// not over frames: p += (1 - exp(-dt / time_constant)) (raw - p). A label that is shown stays until it would
/// not be shown even with `hysteresis` added to its probability. Not thread-safe.
class LabelSmoother {
  public:
    LabelSmoother(const SmoothingOptions& options, ModelCard card);

    /// From now on these classes are shown, from these probabilities, rather than as the card says.
    void set_shown(std::vector<ShownClass> shown) { card_.shown = std::move(shown); }

    /// `raw` are the probabilities of a face at `time_s`, in the card's order. A track's first ones
    /// are taken as they are. Throws std::invalid_argument for another number of classes than the card's.
    SmoothedLabel update(int track, std::span<const float> raw, double time_s);

  private:
    struct Track {
        SmoothedLabel shown;
        double time_s = 0.0;
    };

    SmoothingOptions options_;
    ModelCard card_;
    std::map<int, Track> tracks_;
};

}  // namespace emotion
