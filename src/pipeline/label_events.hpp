#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "faces/frame_result.hpp"

namespace emotion::pipeline {

/// Reports a label once a face has shown it for this long without a break.
struct LabelRule {
    int class_index = 0;
    double seconds = 0.0;
};

struct LabelEvent {
    std::size_t rule = 0;  ///< index of the rule that it is of
    faces::FaceResult face;
    double time_s = 0.0;  ///< of the frame
};

/// Notices when labels have held for long enough: once in each spell of a label on a face. A spell ends when
/// the face shows another label or none, or is not in a frame. Of the time between two frames a second counts
/// at most: nobody saw what the face showed while a camera was away. Not thread-safe.
class LabelEvents {
  public:
    explicit LabelEvents(std::vector<LabelRule> rules);

    /// What the next frame of the same source brings about, in the order of its faces and of the rules.
    std::vector<LabelEvent> update(const faces::FrameResult& result);

  private:
    struct Spell {
        int label = 0;
        double since_s = 0.0;
        std::vector<bool> told;  ///< by rule
    };

    std::vector<LabelRule> rules_;
    double last_s_ = 0.0;
    std::map<int, Spell> spells_;  ///< by track
};

}  // namespace emotion::pipeline
