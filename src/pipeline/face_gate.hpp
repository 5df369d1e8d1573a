#pragma once

#include <map>

namespace emotion::pipeline {

/// Suppresses false detections of the cascade by the model's probability. A clear face is shown at once, a
/// doubtful one after it has persisted for a moment; one that turns out not to be a face is hidden. Not
/// thread-safe.
class FaceGate {
  public:
    /// For a single picture. `not_a_face` is the model's probability in [0, 1] that it is not a face; a
    /// `weak` detection needs a lower one.
    static bool shows_in_picture(double not_a_face, bool weak);

    /// For a face tracked through a video; times must not decrease.
    bool shows(int track, double not_a_face, bool weak, double time_s);

  private:
    struct Track {
        double not_a_face = 0.0;  // smoothed over time
        double first_s = 0.0, last_s = 0.0;
        bool shown = false;
    };

    std::map<int, Track> tracks_;
};

}  // namespace emotion::pipeline
