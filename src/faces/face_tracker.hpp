#pragma once

#include <array>
#include <vector>

#include "faces/face_box.hpp"
#include "faces/face_detector.hpp"
#include "faces/one_euro_filter.hpp"
#include "faces/settings.hpp"

namespace emotion::faces {

/// Gives each face a persistent id and a box that neither jitters nor lags: detections are matched to the
/// tracks they overlap most, and box edges run through a OneEuroFilter. Not thread-safe.
class FaceTracker {
  public:
    /// Throws ConfigError for options out of range.
    explicit FaceTracker(const TrackerOptions& options);

    /// The predicted positions of all tracks at `time_s`, most recently detected first.
    std::vector<ExpectedFace> expected(double time_s) const;

    /// `faces` were detected at `time_s`, which must not decrease (std::invalid_argument). Returns the faces
    /// to show, sorted by id: detected ones, and recently lost ones that had been detected several times and
    /// overlap no detected face.
    std::vector<TrackedFace> update(const std::vector<FaceBox>& faces, double time_s);

    /// Discards all tracks; their ids are not reused.
    void forget() { tracks_.clear(); }

  private:
    struct Track {
        Track(int track, const FaceBox& face, double time_s, double smoothing_s);

        void found_at(const FaceBox& face, double time_s);
        cv::Rect2f box() const;
        /// The box, extrapolated with its last known speed.
        cv::Rect2f box_at(double time_s) const;
        /// 0 for a face treated as upright.
        float roll_deg() const;

        int id;
        double last_seen_s;
        int detections = 1;
        std::array<OneEuroFilter, 4> center_and_size;
        OneEuroFilter roll;
        double roll_measured_s;
        bool tilted;
        bool weak;
    };

    bool reachable(const Track& track, const cv::Rect2f& box, double time_s) const;
    void match(const std::vector<FaceBox>& faces, double time_s);
    std::vector<TrackedFace> faces_to_show(double time_s) const;

    TrackerOptions options_;
    std::vector<Track> tracks_;  // sorted by id
    double last_time_s_;
    int next_id_ = 1;
};

}  // namespace emotion::faces
