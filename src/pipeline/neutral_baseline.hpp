#pragma once

#include <map>
#include <optional>
#include <vector>

#include "media/warning_handler.hpp"
#include "model/model_card.hpp"

namespace emotion::pipeline {

/// Part of a source, [from_s, until_s), in which faces are at rest.
struct RestInterval {
    double from_s = 0.0, until_s = 0.0;
};

/// Learns how each tracked face looks at rest, because to a model some resting faces show an expression. For
/// some time a face's probabilities are collected. A class whose mean log-odds against neutral exceed those
/// of the card's neutral faces has a share of the difference subtracted from its log-odds from then on; a
/// class with lower log-odds is left as it is. Not thread-safe.
class NeutralBaseline {
  public:
    /// The share of the difference that is subtracted. Of 791 press photos of resting faces, 14 get a label;
    /// after learning from the photo itself none keeps it with this share, the smallest in steps of 0.1.
    /// `models/README.md` has the figures of other shares.
    static constexpr double kStrength = 0.3;
    /// Nothing is learned of a face from fewer frames.
    static constexpr int kMinFrames = 10;

    explicit NeutralBaseline(const model::ModelCard& card) : card_(card) {}

    /// Throws ConfigError for a card without `neutral`, the mean log-probabilities of neutral faces.
    void check_possible() const;

    /// Sets the interval in which to learn in each source started from now on; nullopt: only when gather() is
    /// called. `report` is called with one line on the outcome. Throws as check_possible() does.
    void plan(std::optional<RestInterval> interval, media::WarningHandler report);
    /// Starts a source, forgetting all faces.
    void start();
    /// Ends a source, forgetting all faces; reports if the planned interval was not over.
    void end();
    /// Forgets all faces and learns for `duration_s` seconds from the next frame on. `report` is called with
    /// one line on the outcome. Throws as check_possible() does.
    void gather(double duration_s, media::WarningHandler report);
    /// Forgets all faces and stops learning.
    void forget();
    /// Whether it is learning, or knows any face.
    bool is_active() const { return requested_s_ || interval_ || !known_.empty(); }

    /// Call for each frame before update() for its faces; `time_s` must not decrease.
    void begin_frame(double time_s);
    /// While learning, collects the probabilities of a face that was `found` in the frame. If its look at
    /// rest is known, shifts them and returns true.
    bool update(int track, bool found, std::vector<float>& probabilities);

  private:
    struct Sums {
        std::vector<double> log_probabilities, probabilities;
        int frames = 0;
    };
    struct KnownFace {
        std::vector<double> log_odds_shift;
        double seen_s = 0.0;
    };

    void finish_learning();

    const model::ModelCard card_;
    std::optional<RestInterval> planned_;
    std::optional<RestInterval> interval_;  ///< in which to learn; nullopt: not learning
    std::optional<double> requested_s_;     ///< duration of an interval that begins with the next frame
    media::WarningHandler report_planned_, report_;
    double time_s_ = 0.0;             ///< of the newest frame
    std::map<int, Sums> sums_;        ///< by track
    std::map<int, KnownFace> known_;  ///< by track
};

/// What to add to the logarithms of a face's probabilities, at most 0 and 0 for neutral. `rest` is the mean
/// of these logarithms at rest; the card must have `neutral`.
std::vector<double> log_odds_shift(const std::vector<double>& rest, const model::ModelCard& card);

}  // namespace emotion::pipeline
