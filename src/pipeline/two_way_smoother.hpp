#pragma once

#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "model/model_card.hpp"
#include "pipeline/analyzed_frame.hpp"
#include "pipeline/label_smoother.hpp"

namespace emotion::pipeline {

/// Smooths the probabilities of a recording's faces over the frames before and after, so that labels change
/// when faces do and not later, as those of a live picture must. Frames come out as they went in, held back
/// by look_ahead_s() at most. Each face's probabilities are the mean of the raw ones in the frames around,
/// with weights exp(-|dt| / time_constant); labels are then chosen with the hysteresis of LabelSmoother. Not
/// thread-safe.
class TwoWaySmoother {
  public:
    /// Throws ConfigError for options out of range.
    TwoWaySmoother(const SmoothingOptions& options, model::ModelCard card);

    /// Four time constants, beyond which frames weigh little, and at most a second.
    double look_ahead_s() const { return look_ahead_s_; }

    void add(AnalyzedFrame frame);
    /// The next frame if all that it depends on was added, or, as no more are, if `at_end`; its faces have
    /// their final labels unless it was not searched.
    std::optional<AnalyzedFrame> take(bool at_end);

  private:
    /// Sums over the frames up to now, each weighted by its age.
    struct Past {
        std::vector<double> probabilities;
        double weight = 0.0, time_s = 0.0;
    };

    void smooth(faces::FrameResult& result);
    std::vector<float> around(const faces::FaceResult& face, double time_s);
    double weight(double seconds) const;

    const double time_constant_s_, look_ahead_s_;
    LabelSmoother labels_;
    std::deque<AnalyzedFrame> window_;
    std::map<int, Past> past_;  // by track
};

}  // namespace emotion::pipeline
