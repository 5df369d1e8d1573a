#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include <opencv2/core/mat.hpp>

#include "vision/face_box.hpp"

namespace emotion {

/// Finds the faces in one picture. Not thread-safe: one for each thread.
class FaceDetector {
  public:
    virtual ~FaceDetector() = default;
    /// `gray` is CV_8UC1 and only read (std::invalid_argument otherwise). Boxes come largest first, the same
    /// for the same picture; empty: no face.
    virtual std::vector<FaceBox> detect(const cv::Mat& gray) = 0;
};

/// Settings of the Haar cascade (Viola and Jones, "Rapid object detection using a boosted cascade of simple
/// features", CVPR 2001), in OpenCV's terms.
struct HaarOptions {
    std::filesystem::path cascade;  ///< empty: the frontal face cascade that came with the program
    double scale_factor = 1.1;      ///< (1, 2]: ratio of one size searched to the next
    int min_neighbors = 5;          ///< [0, 100]: overlapping finds that make a face
    int min_face_px = 0;    ///< smallest side searched, pixels of the frame; 0: a twelfth of its shorter side
    int max_side_px = 640;  ///< [64, 10000]: larger frames are searched in a reduced copy

    /// Throws ConfigError that names the option, its value and the limit.
    void validate() const;
};

/// Throws ConfigError for options out of range, and Error if the cascade cannot be read, naming the folders
/// looked in if it cannot be found.
std::unique_ptr<FaceDetector> make_haar_detector(const HaarOptions& options);

}  // namespace emotion
