#pragma once

#include <memory>

#include "drawing/canvas.hpp"
#include "faces/frame_result.hpp"
#include "media/frame.hpp"
#include "model/explain.hpp"
#include "model/scorer.hpp"

namespace emotion::apps {

/// Explains the score of the largest face of a live source incrementally, because it may take longer than a
/// frame.
class FaceExplanation {
  public:
    explicit FaceExplanation(model::Scorer& scorer) : scorer_(scorer) {}

    bool is_on() const { return on_; }
    void toggle() { on_ = !on_; }

    /// Puts the explanation so far of the face in `frame` on the canvas started with it; nothing while
    /// switched off.
    void update(const media::Frame& frame, const faces::FrameResult& result, drawing::Canvas& canvas);

  private:
    model::Scorer& scorer_;
    std::unique_ptr<model::Explainer> explainer_;
    int track_ = 0;
    bool on_ = false;
};

}  // namespace emotion::apps
