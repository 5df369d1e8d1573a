#pragma once

#include <memory>
#include <vector>

#include "vision/face_box.hpp"

namespace emotion {

struct TrackerOptions {
    double min_iou = 0.3;      ///< (0, 1): least overlap of a find with a track's last box
    double keep_s = 1.0;       ///< [0, 60]: a lost face keeps its id for so long
    double smoothing_s = 0.1;  ///< [0, 10]: time constant of the box's own smoothing; 0: none

    /// Throws ConfigError that names the option, its value and the limit.
    void validate() const;
};

/// Gives each face an id that lasts and a box that does not shake. Not thread-safe.
class FaceTracker {
  public:
    explicit FaceTracker(const TrackerOptions& options);
    ~FaceTracker();
    FaceTracker(FaceTracker&&) noexcept;
    FaceTracker& operator=(FaceTracker&&) noexcept;

    /// `faces` were found at `time_s`, which must not go backwards. Returns the faces to show now.
    std::vector<TrackedFace> update(const std::vector<FaceBox>& faces, double time_s);

  private:
    struct Track;
    TrackerOptions options_;
    std::vector<Track> tracks_;
    int next_id_ = 1;
};

}  // namespace emotion
