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

/// Gets to know how each followed face looks at rest, for some faces at rest look like something to a model.
/// For a while a face's answers are gathered. What then stands out against neutral in their mean, more than
/// it does in the card's mean of neutral faces, is taken off all its later answers, by a part of the
/// difference in log-odds; what stands out less is not added. Not thread-safe.
class NeutralBaseline {
  public:
    /// The share of the difference that is taken off. The least, in tenths, with which none of the 19 of 791
    /// resting press photos with a label keeps it when gathered from the photo itself; `models/README.md` has
    /// the figures of other shares.
    static constexpr double kStrength = 0.4;
    /// Fewer frames of a face say too little.
    static constexpr int kFewestFrames = 10;

    explicit NeutralBaseline(const model::ModelCard& card) : card_(card) {}

    /// Throws ConfigError in one line for a card that does not say what its neutral faces are like.
    void check_possible() const;

    /// To be gathered in each source from now on; nullopt: nothing is unless gather() says so. Throws as
    /// check_possible() does.
    void plan(std::optional<RestInterval> interval, media::WarningHandler report);
    /// Begins a source: all faces are forgotten.
    void start();
    /// Ends one: tells if there was more to be gathered, and forgets all faces.
    void end();
    /// Forgets all faces and gathers for `duration_s` seconds from the next frame on. `report` gets one line
    /// when that is done. Throws as check_possible() does.
    void gather(double duration_s, media::WarningHandler report);
    /// Shifts nothing any longer.
    void forget();
    /// Whether answers are being gathered or shifted.
    bool is_active() const { return asked_for_s_ || gathering_ || !shifts_.empty(); }

    /// To be called for each frame before update() is for its faces, with a time that does not go backwards.
    void begin_frame(double time_s);
    /// Gathers a face's answers to the frame if they are to be and it was `found` in it. Shifts them, and
    /// returns true, if it is known how the face looks at rest.
    bool update(int track, bool found, std::vector<float>& probabilities);

  private:
    struct Gathered {
        std::vector<double> log_sums, sums;
        int frames = 0;
    };
    struct Shift {
        std::vector<double> log_odds;
        double seen_s = 0.0;
    };

    void finish_gathering();

    const model::ModelCard card_;
    std::optional<RestInterval> planned_, gathering_;
    std::optional<double> asked_for_s_;  ///< from the next frame on
    media::WarningHandler report_planned_, report_;
    double time_s_ = 0.0;               ///< of the newest frame
    std::map<int, Gathered> gathered_;  // by track
    std::map<int, Shift> shifts_;       // by track
};

/// What is added to the logarithms of a face's probabilities: 0 for neutral. `rest` is the mean of these
/// logarithms at rest; the card has `neutral`.
std::vector<double> shift_of(const std::vector<double>& rest, const model::ModelCard& card);

}  // namespace emotion::pipeline
