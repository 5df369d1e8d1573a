#pragma once

#include <opencv2/core/mat.hpp>

#include "faces/face_box.hpp"

namespace emotion::faces {

class HaarCascade;

/// Measures the tilt of a face by the number of detections in rotated copies of the frame, which decreases
/// symmetrically from the angle at which the face is upright to none at about 25 degrees. Not thread-safe.
class RollMeter {
  public:
    /// `scale_factor` is the ratio of successive search sizes. The cascade must outlive it.
    RollMeter(HaarCascade& cascade, double scale_factor) : cascade_(cascade), scale_factor_(scale_factor) {}

    /// The roll of a face detected at `face.roll_deg` in a CV_8UC1 frame, from two more angles: for a tracked
    /// face, accurate to about 3 degrees within 15.
    float follow(const cv::Mat& gray, const FaceBox& face);

    /// The same for a newly detected face, from more angles.
    float measure(const cv::Mat& gray, const FaceBox& face);

  private:
    /// The mean of angles around `face.roll_deg`, weighted by their detections.
    float mean_roll(const cv::Mat& gray, const FaceBox& face);
    /// Copies the area that the face's box covers in any rotation, at twice the cascade's scale.
    void look_at(const cv::Mat& gray, const FaceBox& face);
    /// The number of detections at the face's position and size after rotation by `angle_deg` back.
    int detections(float angle_deg);

    HaarCascade& cascade_;
    double scale_factor_;
    cv::Mat near_;  ///< the copied area, in which the face is upright if its roll is right
};

}  // namespace emotion::faces
