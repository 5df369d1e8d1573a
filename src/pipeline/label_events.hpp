#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "faces/frame_result.hpp"

namespace emotion::pipeline {

/// A longer gap between two frames counts as this long: labels are unknown while a camera is disconnected.
inline constexpr double kMaxCountedGapSeconds = 1.0;

/// Triggers once a face has shown the label for this long without interruption.
struct LabelRule {
    int class_index = 0;
    double seconds = 0.0;
};

struct LabelEvent {
    std::size_t rule = 0;  ///< index of the triggered rule
    faces::FaceResult face;
    double time_s = 0.0;  ///< of the frame
};

/// Detects labels that have been shown for long enough, once per spell of a label on a face. A spell ends
/// when the face shows another label or none, or is not in a frame. A gap between two frames counts as at
/// most kMaxCountedGapSeconds. Not thread-safe.
class LabelEvents {
  public:
    explicit LabelEvents(std::vector<LabelRule> rules);

    /// The events of the next frame of the source, in the order of its faces and of the rules.
    std::vector<LabelEvent> update(const faces::FrameResult& result);

  private:
    struct Spell {
        int label = 0;
        double since_s = 0.0;
        std::vector<bool> reported;  ///< by rule
    };

    std::vector<LabelRule> rules_;
    double last_s_ = 0.0;
    std::map<int, Spell> spells_;  ///< by track
};

}  // namespace emotion::pipeline
