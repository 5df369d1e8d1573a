#pragma once

#include <deque>
#include <map>
#include <optional>
#include <vector>

#include "model/model_card.hpp"
#include "pipeline/analyzed_frame.hpp"
#include "pipeline/label_smoother.hpp"

namespace emotion::pipeline {

/// Smooths the probabilities of a recording's faces over past and future frames, so that labels change
/// without delay. Frames are returned in order, delayed by at most look_ahead_s(). Each face's probabilities
/// are the mean of the raw ones in surrounding frames, weighted by exp(-|dt| / time_constant); labels are
/// then chosen with the hysteresis of LabelSmoother. Not thread-safe.
class TwoWaySmoother {
  public:
    /// Throws ConfigError for options out of range.
    TwoWaySmoother(const SmoothingOptions& options, model::ModelCard card);

    /// Four time constants, beyond which weights are negligible, but at most one second.
    double look_ahead_s() const { return look_ahead_s_; }

    void add(AnalyzedFrame frame);
    /// The next frame if everything it depends on has been added or, with `at_end`, no more frames follow;
    /// faces have their final labels unless the frame was not searched.
    std::optional<AnalyzedFrame> take(bool at_end);

  private:
    /// Sums over past frames, weighted by age.
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
