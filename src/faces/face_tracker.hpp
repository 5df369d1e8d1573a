#pragma once

#include <array>
#include <vector>

#include "faces/face_box.hpp"
#include "faces/face_detector.hpp"
#include "faces/one_euro_filter.hpp"

namespace emotion::faces {

struct TrackerOptions {
    double min_iou = 0.3;      ///< (0, 1): least overlap of a find with a track's last box
    double keep_s = 1.5;       ///< [0, 60]: a lost face keeps its id for so long
    double carry_s = 0.2;      ///< [0, 60]: a lost face is shown for so long, at most keep_s
    double smoothing_s = 0.2;  ///< [0, 10]: time constant of a still face's box; 0: none

    /// Throws ConfigError that names the option, its value and the limit.
    void validate() const;
};

/// Gives each face an id that lasts and a box that neither shakes nor lags: finds are matched to the tracks
/// they overlap most, and box edges run through a OneEuroFilter. Not thread-safe.
class FaceTracker {
  public:
    /// Throws ConfigError for options out of range.
    explicit FaceTracker(const TrackerOptions& options);

    /// Where the faces of the tracks kept should be at `time_s` if they move on as they did, those found last
    /// first.
    std::vector<ExpectedFace> expected(double time_s) const;

    /// `faces` were found at `time_s`, which must not go backwards (std::invalid_argument). Returns the faces
    /// to show now, ordered by id: those found, and those lost only a moment ago after they had been found a
    /// few times, where no found face overlaps them.
    std::vector<TrackedFace> update(const std::vector<FaceBox>& faces, double time_s);

    /// Where faces were says nothing of the frames to come; ids are still not used again.
    void forget() { tracks_.clear(); }

  private:
    class Track {
      public:
        Track(int id, const FaceBox& face, double time_s, double smoothing_s);

        void found_at(const FaceBox& face, double time_s);
        int id() const { return id_; }
        cv::Rect2f box() const;
        /// The box, moved on at the speed it had when it was last seen.
        cv::Rect2f box_at(double time_s) const;
        /// 0 for a face that is taken for upright.
        float roll_deg() const;
        bool weak() const { return weak_; }
        double last_seen_s() const { return last_seen_s_; }
        int finds() const { return finds_; }

      private:
        int id_;
        double last_seen_s_;
        int finds_ = 1;
        std::array<OneEuroFilter, 4> center_and_size_;
        OneEuroFilter roll_;
        double roll_measured_s_;
        bool tilted_;
        bool weak_;
    };

    bool reachable(const Track& track, const cv::Rect2f& box, double time_s) const;
    void match(const std::vector<FaceBox>& faces, double time_s);
    std::vector<TrackedFace> faces_to_show(double time_s) const;

    TrackerOptions options_;
    std::vector<Track> tracks_;  // ordered by id
    double last_time_s_;
    int next_id_ = 1;
};

}  // namespace emotion::faces
