#pragma once

#include <map>

namespace emotion::pipeline {

/// Decides which of the faces found are shown, by what the model says of them: the cascade takes other things
/// for faces too. A face that the model is sure of is shown at once, a doubtful one when it has stayed one
/// for a moment; one that turns out to be none is shown no more. Not thread-safe.
class FaceGate {
  public:
    /// Of a picture by itself. `not_a_face` is the model's probability, in [0, 1], that it is none; a `weak`
    /// find of the cascade must convince the model more.
    static bool shows_in_picture(double not_a_face, bool weak);

    /// Of a face followed through a video, at a time that does not go backwards.
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
