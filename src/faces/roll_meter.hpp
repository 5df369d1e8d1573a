#pragma once

#include <opencv2/core/mat.hpp>

#include "faces/face_box.hpp"

namespace emotion::faces {

class HaarCascade;

/// Measures how far a face is tilted, by how many finds the cascade has of it in the frame turned by several
/// angles: their number falls evenly to both sides of the angle at which the face stands upright, to none at
/// some 25 degrees. Not thread-safe.
class RollMeter {
  public:
    /// `scale_factor` is the ratio of one size searched to the next. The cascade must outlive it.
    RollMeter(HaarCascade& cascade, double scale_factor) : cascade_(cascade), scale_factor_(scale_factor) {}

    /// The roll of a face found at roll `face.roll_deg` in a CV_8UC1 frame, from two more angles: for one
    /// that is followed from frame to frame, good to some 3 degrees within 15.
    float follow(const cv::Mat& gray, const FaceBox& face);

    /// The same for one that was just found, from more angles about it.
    float measure(const cv::Mat& gray, const FaceBox& face);

  private:
    /// Takes the face and all that its box sweeps over when it is turned, at twice the cascade's size.
    void look_at(const cv::Mat& gray, const FaceBox& face);
    /// The number of finds at the face's place and size, where it is turned back by so much more.
    int finds(float angle_deg);

    HaarCascade& cascade_;
    double scale_factor_;
    cv::Mat near_;  ///< the face looked at, upright if its roll is right
};

}  // namespace emotion::faces
